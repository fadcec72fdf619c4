import { StageflowError } from '../errors/index.js';
import { SecretNames, WELL_KNOWN_SECRET_NAMES, wordsOf } from './secret-names.js';
import { SensitivePaths } from './sensitive-paths.js';

export interface MaskingRulesOptions {
  /** More names of keys whose values are secret, matched like the well-known ones. */
  readonly names?: readonly string[];
  /** Names that look secret and are not, compared with the whole key. Marks and paths are not affected. */
  readonly allowedNames?: readonly string[];
  /** Where secrets are in plain data, such as `user.email` or `cards[*].number`. See {@link SensitivePaths}. */
  readonly paths?: readonly string[] | SensitivePaths;
  /** What is written instead of a secret. Default `[masked]`. */
  readonly maskText?: string;
  /** `false` leaves out {@link WELL_KNOWN_SECRET_NAMES}. Default `true`. */
  readonly wellKnownNames?: boolean;
}

export const MASK_TEXT = '[masked]';

/** What counts as sensitive, by name and by place. Immutable, and shared by all runs of an application. */
export class MaskingRules {
  /** The rules when nothing is said: the well-known names, and `[masked]`. */
  static readonly standard: MaskingRules = new MaskingRules();

  readonly paths: SensitivePaths;
  readonly maskText: string;
  readonly #names: SecretNames;

  /** @throws StageflowError with MASKING_OPTION_INVALID or MASKING_PATH_INVALID. */
  constructor(options: MaskingRulesOptions = {}) {
    const names = checkNames('names', options.names ?? []);
    const wellKnown = options.wellKnownNames === false ? [] : WELL_KNOWN_SECRET_NAMES;
    this.#names = new SecretNames([...wellKnown, ...names], checkNames('allowedNames', options.allowedNames ?? []));
    this.paths = options.paths instanceof SensitivePaths ? options.paths : SensitivePaths.of(options.paths ?? []);
    this.maskText = checkMaskText(options.maskText ?? MASK_TEXT);
    Object.freeze(this);
  }

  /** Whether a key by itself says that its value is secret. */
  isSensitiveName(key: string): boolean {
    return this.#names.has(key);
  }
}

function checkNames(option: string, names: readonly string[]): readonly string[] {
  if (!Array.isArray(names)) throw invalid(option, 'a list of names');
  names.forEach((name: unknown, index) => {
    if (typeof name !== 'string' || wordsOf(name).length === 0) {
      throw invalid(`${option}[${index}]`, 'a name with at least one letter');
    }
  });
  return names;
}

function checkMaskText(text: string): string {
  if (typeof text !== 'string' || text.trim() === '') throw invalid('maskText', 'a string that is not blank');
  return text;
}

function invalid(option: string, expected: string): StageflowError {
  return new StageflowError({
    code: 'MASKING_OPTION_INVALID',
    message: `${option} of the masking rules must be ${expected}.`,
    fix: 'Give it such a value, or leave it out.',
    details: { option },
  });
}
