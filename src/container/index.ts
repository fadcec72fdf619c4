export type {
  AppDescription,
  ModuleDescription,
  PipelineDescription,
  ProviderDescription,
  StageDescription,
} from './app-description.js';
export { Stageflow, type StageflowOptions } from './stageflow.js';
