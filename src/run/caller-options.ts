import type { TokenVerifier } from '../auth/index.js';

/** How an application learns who calls. By default it does not, and access rules refuse to start. */
export interface CallerOptions {
  /**
   * Verifies the token of every run, once, before anything of the run is built or called. With a verifier a run without
   * token fails with AUTH_TOKEN_MISSING.
   */
  readonly verifier?: TokenVerifier;
  /**
   * How long verifying a token, and the access policies of one stage, may take, in ms. What takes longer refuses. Default
   * 10,000; 0 means no limit.
   */
  readonly verifyMs?: number;
  /** Longer tokens are refused unread. Default 16,384. */
  readonly maxTokenBytes?: number;
  /**
   * With a verifier: runs without a token go on as anonymous. Then a stage without access rules counts as
   * `Access.authenticated()`, so that anonymous callers reach what is public by name and nothing else. Default false.
   */
  readonly anonymousCallers?: boolean;
  /**
   * The program verifies callers itself and passes the result: `run(Pipeline, { auth, org })`. Access rules believe it
   * without a verifier, and a verifier stands back where `auth` is given. Default false.
   */
  readonly trustedCallers?: boolean;
  /** Told what the verifier threw, unchanged: it may hold the token. For debugging; what it throws is ignored. */
  readonly onVerifierFault?: (thrown: unknown) => void;
}
