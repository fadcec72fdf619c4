export { AppClosing } from './app-closing.js';
export { classifyError, defaultErrorClassifier } from './classify-error.js';
export { ERROR_CODES, type ErrorCode } from './codes.js';
export { DefinitionError, type Problem } from './definition-error.js';
export { ErrorCategory, type ErrorClassification, type ErrorClassifier } from './error-classification.js';
export { errorLink, StageflowError, type StageflowErrorInit } from './stageflow-error.js';
