export { Masker, type MaskOptions } from './masker.js';
export { MASK_TEXT, MaskingRules, type MaskingRulesOptions } from './masking-rules.js';
export { WELL_KNOWN_SECRET_NAMES } from './secret-names.js';
export { type SecretLimits, SecretValues } from './secret-values.js';
export { markSensitive, sensitiveFields } from './sensitive-fields.js';
export { SensitivePaths } from './sensitive-paths.js';
