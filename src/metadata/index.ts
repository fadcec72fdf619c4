export { accessRulesOf } from './access-rules.js';
export { constructorProblems } from './constructor-check.js';
export { type ConstructorParameter, constructorOwner, constructorParameters } from './constructor-parameters.js';
export { itemPlan, loopPlan } from './item-plan.js';
export {
  type ClassMetadata,
  type MetadataKind,
  metadataOf,
  readMetadata,
  readOwnMetadata,
  writeMetadata,
} from './metadata-store.js';
export { itemProblems, loopProblems, type OptionProblem } from './option-problems.js';
export * from './provider.js';
export * from './records.js';
export {
  InjectionToken,
  isLazyToken,
  isToken,
  type Lazy,
  type LazyToken,
  lazy,
  token,
  tokenName,
} from './token.js';
