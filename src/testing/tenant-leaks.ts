/*
 * Runs many tenants through one pipeline at once, each with a marker of its own in everything it brings, and looks in
 * everything a run gives for the markers of others.
 */
import { AuthContext, OrgContext, type TokenVerifier } from '../auth/index.js';
import { Stageflow, type StageflowOptions } from '../container/index.js';
import { MemorySink } from '../events/index.js';
import type { Class } from '../metadata/index.js';
import { Pipeline } from '../pipeline/index.js';
import type { PipelineRun, RunInput, RunOptions } from '../run/index.js';
import type { Interceptor } from '../stage/index.js';
import { LineKeeper } from './line-keeper.js';
import { markersIn } from './marker-search.js';
import { randomNumbers } from './random.js';

/** A tenant of the test. Its ids contain its marker. */
export interface TestTenant {
  /** A text that nothing else in the process contains. */
  readonly marker: string;
  readonly orgId: string;
  readonly userId: string;
}

export interface TenantLeaksOptions {
  /** Default 10. */
  readonly tenants?: number;
  /** Runs of all tenants together. Default 200. */
  readonly runs?: number;
  /** How many are under way at once. Default 32. */
  readonly concurrency?: number;
  /** Decides whose turn it is, and how long stages take. The same seed gives the same order. Default 1. */
  readonly seed?: number;
  /** What a run of a tenant is started with. Default: its marker as `inputText` and in `input.marker`. */
  readonly input?: (tenant: TestTenant) => Omit<RunInput, 'token' | 'auth' | 'org'>;
  /** What a tenant can see besides, asked after each of its runs: a cache through its own key, a store. */
  readonly alsoInspect?: (tenant: TestTenant) => unknown;
  /** What the callers may do: for pipelines with access rules. */
  readonly roles?: readonly string[];
  readonly scopes?: readonly string[];
  readonly features?: readonly string[];
  readonly planTier?: string;
  /** For a module: overrides, interceptors and the like. */
  readonly app?: Pick<StageflowOptions, 'overrides' | 'interceptors' | 'parent' | 'sinks'>;
}

/** Something of one tenant that another has seen. */
export interface TenantLeak {
  readonly from: TestTenant;
  readonly to: TestTenant;
  readonly runId: string;
  /**
   * Where it was seen: `event stage.completed`, `output of Load`, `failure of Load`, `bag language`, `log`, `error`,
   * `alsoInspect`.
   */
  readonly where: string;
}

export interface TenantLeaksReport {
  readonly runs: number;
  readonly tenants: number;
  /** Runs that did not complete: a pipeline that always fails leaks little. */
  readonly failed: number;
  readonly leaks: readonly TenantLeak[];
}

type Start = (input: RunInput, options: RunOptions) => PipelineRun;

/** @throws DefinitionError as `Stageflow.create` or `build` does */
export async function tenantLeaks(
  target: Class | Pipeline<any>,
  options: TenantLeaksOptions = {},
): Promise<TenantLeaksReport> {
  const fuzzer = new LeakFuzzer(options);
  const { app: more = {} } = options;
  const interceptors = [fuzzer.dawdle, ...(more.interceptors ?? [])];
  if (target instanceof Pipeline) {
    const pipeline = target.build(fuzzer.engine);
    return fuzzer.run((input, runOptions) => pipeline.start(input, runOptions)).finally(() => pipeline.close());
  }
  const app = await Stageflow.create(target, { ...more, ...fuzzer.engine, interceptors });
  return fuzzer.run((input, runOptions) => app.start(target, input, runOptions)).finally(() => app.close());
}

class LeakFuzzer {
  readonly #options: TenantLeaksOptions;
  readonly #random: (below: number) => number;
  readonly #tenants: readonly TestTenant[];
  readonly #byMarker: ReadonlyMap<string, TestTenant>;
  readonly #pattern: RegExp;
  readonly #lines = new LineKeeper();
  readonly #leaks: TenantLeak[] = [];
  #failed = 0;

  constructor(options: TenantLeaksOptions) {
    const { seed = 1, tenants = 10 } = options;
    this.#options = options;
    this.#random = randomNumbers(seed);
    const prefix = `mark${this.#random(1e9).toString(36)}x`;
    this.#pattern = new RegExp(`${prefix}\\d+z`, 'g');
    this.#tenants = Array.from({ length: tenants }, (_, index) => {
      const marker = `${prefix}${index}z`;
      return { marker, orgId: `org-${marker}`, userId: `user-${marker}` };
    });
    this.#byMarker = new Map(this.#tenants.map((tenant) => [tenant.marker, tenant]));
  }

  /** What the engine under test is made with. */
  get engine() {
    return { verifier: this.#verifier, logger: this.#lines.logger };
  }

  /** Lets other runs in between, before and after every stage. */
  readonly dawdle: Interceptor = {
    name: 'Dawdle',
    priority: Number.NEGATIVE_INFINITY,
    intercept: async (_, next) => {
      await this.#turns();
      const output = await next();
      await this.#turns();
      return output;
    },
  };

  async run(start: Start): Promise<TenantLeaksReport> {
    const { runs = 200, concurrency = 32 } = this.#options;
    let left = runs;
    const lane = async (): Promise<void> => {
      while (left-- > 0) await this.#one(start);
    };
    await Promise.all(Array.from({ length: concurrency }, lane));
    return { runs, tenants: this.#tenants.length, failed: this.#failed, leaks: this.#leaks };
  }

  async #one(start: Start): Promise<void> {
    const tenant = this.#tenants[this.#random(this.#tenants.length)] as TestTenant;
    const { input = defaultInput, alsoInspect } = this.#options;
    const sink = new MemorySink();
    const run = start({ ...input(tenant), token: tenant.marker }, { sinks: [sink] });
    const outcome = await run.result;
    const look = (where: string, value: unknown): void => this.#look(tenant, run.id, where, value);
    for (const event of sink.events) look(`event ${event.type}`, event);
    for (const { stage, data, failure, reason } of outcome.results.stages) {
      look(`output of ${stage}`, data);
      look(`failure of ${stage}`, [failure, reason]);
    }
    for (const [key, value] of outcome.results.bag) look(`bag ${key}`, value);
    look('identity', outcome.results.identity);
    if (outcome.status !== 'completed') {
      this.#failed++;
      look('error', outcome.error);
    }
    look('log', this.#lines.take(run.id));
    if (alsoInspect !== undefined) look('alsoInspect', alsoInspect(tenant));
  }

  #look(to: TestTenant, runId: string, where: string, value: unknown): void {
    for (const marker of markersIn(value, this.#pattern)) {
      const from = this.#byMarker.get(marker);
      if (from !== undefined && from !== to) this.#leaks.push({ from, to, runId, where });
    }
  }

  async #turns(): Promise<void> {
    for (let turns = this.#random(4); turns > 0; turns--) await undefined;
  }

  readonly #verifier: TokenVerifier = {
    verify: async (token) => {
      await this.#turns();
      const { orgId, userId, marker } = this.#byMarker.get(token) as TestTenant;
      const { roles = [], scopes = [], features = [], planTier = null } = this.#options;
      const auth = AuthContext.verified({ userId, orgId, roles, scopes, claims: { marker } });
      return { auth, org: OrgContext.verified({ orgId, features, planTier }) };
    },
  };
}

function defaultInput({ marker }: TestTenant): RunInput {
  return { inputText: marker, input: { marker } };
}
