export * from '../decorators/index.js';
export {
  type ArtifactBackend,
  FileArtifactStore,
  isArtifactRef,
  MemoryArtifactStore,
  type MemoryArtifactStoreOptions,
  readArtifactRef,
  TenantArtifacts,
} from './artifacts/index.js';
export {
  type AppDescription,
  Stageflow,
  type StageflowOptions,
} from './container/index.js';
export {
  ChangeVerdict,
  type ContractChange,
  ContractChangeKind,
  type ContractComparison,
  type ContractPolicy,
  ContractRegistry,
  compareContracts,
} from './contracts/index.js';
export * from './core.js';
export {
  type ClassProvider,
  type CustomProvider,
  type DynamicModule,
  type ExistingProvider,
  type FactoryProvider,
  InjectionToken,
  type Lazy,
  lazy,
  type ModuleLike,
  type Provider,
  Scope,
  type Token,
  token,
  type ValueProvider,
} from './metadata/index.js';
