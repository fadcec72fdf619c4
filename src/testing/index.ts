export { Gate } from './gate.js';
export { type InterceptorCase, type InterceptorKitOptions, InterceptorTestKit } from './interceptor-test-kit.js';
export { ManualClock, settle } from './manual-clock.js';
export type { TenantLeak, TenantLeaksOptions, TenantLeaksReport, TestTenant } from './tenant-leaks.js';
export { Test } from './test.js';
export { PipelineTest, type ProviderOverride, type StageOverride, TestPipeline } from './test-pipeline.js';
export { StageTest, type StageTestResult } from './test-stage.js';
export { TestTokens, type TestTokensOptions } from './test-tokens.js';
