export { TestPipeline } from './compiled-test.js';
export {
  type ApprovalGateUnderTest,
  type ContractCase,
  contractCases,
  defineContract,
  type IdempotencyStoreUnderTest,
  type TestFramework,
  type TokenVerifierUnderTest,
  type ValidToken,
} from './contracts/index.js';
export { EventRecorder } from './event-recorder.js';
export { expectRun } from './expect-run.js';
export type { Fault } from './fault.js';
export { Gate } from './gate.js';
export { type InterceptorCase, type InterceptorKitOptions, InterceptorTestKit } from './interceptor-test-kit.js';
export { JournalTest, JournalTestPipeline } from './journal-test.js';
export { ManualClock, settle } from './manual-clock.js';
export type {
  InterceptorOverride,
  ModuleOverride,
  ProviderOverride,
  PublicSide,
  StageOverride,
  StageStandIn,
  ToolInput,
  ToolOutput,
  ToolOverride,
  ToolStandIn,
} from './overrides.js';
export type { RecordedRun } from './recorded-run.js';
export { type PartOf, type RunAssertions, runMatchers, type StageRef, type Verdict } from './run-matchers.js';
export {
  type ModelScript,
  type ModelStep,
  ScriptedModel,
  type ScriptedToolCall,
  scriptedModel,
} from './scripted-model.js';
export type { TenantLeak, TenantLeaksOptions, TenantLeaksReport, TestTenant } from './tenant-leaks.js';
export { Test } from './test.js';
export { PipelineTest } from './test-pipeline.js';
export { StageTest, type StageTestResult } from './test-stage.js';
export { TestTokens, type TestTokensOptions } from './test-tokens.js';
export { type ScriptedCall, ToolScript, type ToolStep } from './tool-script.js';
export type { WorkLeft } from './work-left.js';
