export { ERROR_CODES, type ErrorCode } from './codes.js';
export { DefinitionError, type Problem } from './definition-error.js';
export { errorLink, StageflowError, type StageflowErrorInit } from './stageflow-error.js';
