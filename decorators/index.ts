// First, so that it is there before any decorated class is evaluated: metadata is written through it.
import 'reflect-metadata';

export {
  Public,
  RequireAccess,
  RequireAuth,
  RequireFeature,
  RequirePlan,
  RequirePolicy,
  RequireRoles,
  RequireScopes,
} from './access.js';
export { Contract, type ContractDecoratorOptions } from './contract.js';
export { DependsOn } from './depends-on.js';
export { Inject } from './inject.js';
export { Injectable, type InjectableOptions } from './injectable.js';
export { Intercept } from './intercept.js';
export { Optional } from './optional.js';
export { PipelineModule, type PipelineModuleOptions } from './pipeline-module.js';
export { Sensitive } from './sensitive.js';
export { Stage, type StageOptions } from './stage.js';
export { When } from './when.js';
