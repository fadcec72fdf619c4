import type { InterceptorBand } from '../interceptors/index.js';
import type { Scope } from '../metadata/index.js';
import type { InterceptorRole, ItemPolicy, StageKind } from '../stage/index.js';

export interface ProviderDescription {
  readonly token: string;
  readonly role: 'provider' | 'stage' | 'tool' | 'interceptor';
  readonly form: 'class' | 'value' | 'factory' | 'existing';
  readonly scope: Scope;
}

export interface ModuleDescription {
  readonly module: string;
  readonly imports: readonly string[];
  readonly exports: readonly string[];
  readonly providers: readonly ProviderDescription[];
  readonly tools: readonly string[];
}

export interface InterceptorDescription {
  readonly interceptor: string;
  readonly band: InterceptorBand;
  readonly priority: number;
  readonly role: InterceptorRole;
}

/** What drives a stage; `runs` names the module whose pipeline it starts, if it starts any. */
export type DriverDescription =
  | { readonly kind: 'pipeline'; readonly runs: string | null }
  | {
      readonly kind: 'items';
      readonly runs: string | null;
      readonly concurrency: number;
      readonly policy: ItemPolicy;
    }
  | {
      readonly kind: 'loop';
      readonly runs: string | null;
      readonly maxIterations: number | null;
      readonly timeoutMs: number | null;
    };

export interface StageDescription {
  readonly stage: string;
  readonly kind: StageKind;
  /** The module that lists it. */
  readonly module: string;
  readonly dependsOn: readonly { readonly stage: string; readonly optional: boolean }[];
  /** The stage whose output decides whether it runs. */
  readonly condition: string | null;
  readonly timeoutMs: number | null;
  readonly priority: number;
  readonly scope: Scope;
  /** Who may use it, rule by rule: `public`, `role admin or owner`. Empty if it has no rules. */
  readonly access: readonly string[];
  /** The pipeline, the items or the loop that it works through; null where it does its work itself. */
  readonly driver: DriverDescription | null;
  /** Those that apply to it, outermost first. */
  readonly interceptors: readonly InterceptorDescription[];
}

export interface PipelineDescription {
  readonly pipeline: string;
  readonly module: string;
  readonly maxConcurrency: number | null;
  readonly failurePolicy: 'fail-fast' | 'continue';
  readonly stages: readonly StageDescription[];
}

/** An application as plain data: it survives `JSON.stringify`, and `toString()` lays it out to be read. */
export interface AppDescription {
  readonly application: string;
  readonly modules: readonly ModuleDescription[];
  readonly pipelines: readonly PipelineDescription[];
  /** Tokens that come from the tsyringe container. */
  readonly fromParent: readonly string[];
  toString(): string;
}
