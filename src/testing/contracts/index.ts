import type { AnyInterceptor } from '../../stage/index.js';
import { type InterceptorKitOptions, InterceptorTestKit } from '../interceptor-test-kit.js';
import { approvalGateCases } from './approval-gate-cases.js';
import { artifactStoreCases } from './artifact-store-cases.js';
import type { ContractCase } from './contract-case.js';
import { eventSinkCases } from './event-sink-cases.js';
import { idempotencyStoreCases } from './idempotency-store-cases.js';
import { tokenVerifierCases } from './token-verifier-cases.js';
import { toolCallLogCases } from './tool-call-log-cases.js';

export type { ApprovalGateUnderTest } from './approval-gate-cases.js';
export { type ContractCase, defineContract, type TestFramework } from './contract-case.js';
export type { IdempotencyStoreUnderTest } from './idempotency-store-cases.js';
export type { TokenVerifierUnderTest, ValidToken } from './token-verifier-cases.js';

/**
 * What your own implementations of stageflow's interfaces have to keep, as named cases for any test runner. Each takes a
 * function that makes what is tested, anew for every case. None of them needs real time.
 */
export const contractCases = Object.freeze({
  interceptor: (make: () => AnyInterceptor, options?: InterceptorKitOptions): readonly ContractCase[] =>
    InterceptorTestKit.cases(make, options),
  eventSink: eventSinkCases,
  idempotencyStore: idempotencyStoreCases,
  artifactStore: artifactStoreCases,
  tokenVerifier: tokenVerifierCases,
  approvalGate: approvalGateCases,
  toolCallLog: toolCallLogCases,
});
