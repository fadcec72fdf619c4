import path from 'node:path';
import { Injectable } from 'stageflow';
import { FileSystem } from './file-system.js';
import { declaredText, spdxExpression } from './licence-expression.js';
import { isLicenceFile, recogniseLicence } from './licence-text.js';
import { type AuditedPackage, packageId } from './packages.js';

export interface DetectedLicence {
  readonly package: string;
  readonly location: string;
  /** An SPDX expression, or `UNLICENSED`; null if the licence is not known. */
  readonly expression: string | null;
  /** What the package says, where that is not an SPDX expression. */
  readonly declared: string | null;
  /** Where it was found: a file name, or `lockfile`; null if nowhere. */
  readonly source: string | null;
}

/** The licence of a package about which nothing could be found. */
export function unknownLicence(of: AuditedPackage): DetectedLicence {
  return { package: packageId(of), location: of.location, expression: null, declared: null, source: null };
}

/** Finds the licence of a package: what it declares, or else the text of its licence files. */
@Injectable()
export class LicenceDetector {
  constructor(private readonly files: FileSystem) {}

  async detect(of: AuditedPackage): Promise<DetectedLicence> {
    const declared = declaredText(of.declaration);
    const expression = spdxExpression(declared);
    if (expression !== null) return { ...unknownLicence(of), expression, source: of.declaration.from };
    const fromFiles = of.folder === null ? null : await this.#readFiles(of.folder, declared);
    return { ...unknownLicence(of), ...fromFiles, declared };
  }

  /** Several texts in one package: nothing says whether they are a choice, so take it that all of them hold. */
  async #readFiles(
    folder: string,
    declared: string | null,
  ): Promise<Pick<DetectedLicence, 'expression' | 'source'> | null> {
    const named = /^see licen[cs]e in (?<file>\S+)$/i.exec(declared ?? '')?.groups?.file;
    const recognised = new Map<string, string>();
    for (const entry of await this.files.entriesIfAny(folder)) {
      if (entry.kind !== 'file' || !(isLicenceFile(entry.name) || entry.name === named)) continue;
      const id = recogniseLicence((await this.files.readTextIfAny(path.join(folder, entry.name))) ?? '');
      if (id !== null && !recognised.has(id)) recognised.set(id, entry.name);
    }
    if (recognised.size === 0) return null;
    return { expression: [...recognised.keys()].join(' AND '), source: [...recognised.values()].join(', ') };
  }
}
