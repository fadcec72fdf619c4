import type { Deprecation } from './deprecations.js';
import type { Duplicate } from './duplicate-finder.js';
import type { EngineMismatch } from './engine-checker.js';
import type { DetectedLicence } from './licence-detector.js';
import { type Denial, describeDenials } from './licence-policy.js';
import type { AuditedPackage, Notice, Project } from './packages.js';
import type { FolderSize } from './size-meter.js';

export interface PackageSize extends FolderSize {
  readonly package: string;
  readonly location: string;
}

/** What the checks found; undefined where one gave nothing. */
export interface Findings {
  readonly project: Project;
  readonly packages: readonly AuditedPackage[];
  readonly notices: readonly Notice[];
  readonly licences: { readonly licences: readonly DetectedLicence[]; readonly notices: readonly Notice[] } | undefined;
  readonly sizes: { readonly sizes: readonly PackageSize[]; readonly notices: readonly Notice[] } | undefined;
  readonly duplicates: { readonly duplicates: readonly Duplicate[] } | undefined;
  readonly engines:
    | { readonly mismatches: readonly EngineMismatch[]; readonly deprecated: readonly Deprecation[] }
    | undefined;
  readonly judgement: { readonly denied: readonly Denial[] } | undefined;
  readonly gaps: readonly Gap[];
}

/** A check that gave no result. */
export interface Gap {
  readonly check: string;
  readonly reason: string;
}

/** The report as JSON. A section is null if its check gave no result; `gaps` says why. */
export interface AuditReport {
  readonly project: Project;
  /** `undecided` if the licences could not be judged. */
  readonly verdict: 'accepted' | 'denied' | 'undecided';
  readonly reason: string | null;
  readonly packages: { readonly total: number; readonly notInstalled: number };
  readonly licences: {
    readonly counts: Readonly<Record<string, number>>;
    readonly unknown: readonly DetectedLicence[];
    readonly packages: readonly DetectedLicence[];
  } | null;
  readonly denied: readonly Denial[] | null;
  /** Largest first. */
  readonly sizes: (FolderSize & { readonly packages: readonly PackageSize[] }) | null;
  readonly duplicates: readonly Duplicate[] | null;
  readonly engines: readonly EngineMismatch[] | null;
  readonly deprecated: readonly Deprecation[] | null;
  readonly gaps: readonly Gap[];
  readonly notices: readonly Notice[];
}

/** Puts the findings together. The same findings give the same report, to the byte. */
export function composeReport(found: Findings): AuditReport {
  const denied = found.judgement?.denied ?? null;
  return {
    project: found.project,
    ...verdictOn(denied),
    packages: {
      total: found.packages.length,
      notInstalled: found.packages.filter((each) => each.folder === null).length,
    },
    licences: found.licences === undefined ? null : licenceSection(found.licences.licences),
    denied,
    sizes: found.sizes === undefined ? null : sizeSection(found.sizes.sizes),
    duplicates: found.duplicates?.duplicates ?? null,
    engines: found.engines?.mismatches ?? null,
    deprecated: found.engines?.deprecated ?? null,
    gaps: found.gaps,
    notices: [...found.notices, ...(found.licences?.notices ?? []), ...(found.sizes?.notices ?? [])],
  };
}

function verdictOn(denied: readonly Denial[] | null): Pick<AuditReport, 'verdict' | 'reason'> {
  if (denied === null) return { verdict: 'undecided', reason: 'The licences could not be judged.' };
  if (denied.length === 0) return { verdict: 'accepted', reason: null };
  return { verdict: 'denied', reason: describeDenials(denied) };
}

function licenceSection(licences: readonly DetectedLicence[]): AuditReport['licences'] {
  const counts = new Map<string, number>();
  for (const { expression } of licences) {
    const name = expression ?? 'unknown';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const mostFirst = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return {
    counts: Object.fromEntries(mostFirst),
    unknown: licences.filter((each) => each.expression === null),
    packages: licences,
  };
}

function sizeSection(sizes: readonly PackageSize[]): AuditReport['sizes'] {
  return {
    files: sizes.reduce((sum, each) => sum + each.files, 0),
    bytes: sizes.reduce((sum, each) => sum + each.bytes, 0),
    packages: [...sizes].sort((a, b) => b.bytes - a.bytes || (a.location < b.location ? -1 : 1)),
  };
}
