/*
 * Gives the instances of one run.
 *
 * Owns: the choice between a plan and Nest's own `resolve()`. Does not own: how either builds.
 *
 * Invariants
 *  1. The plan is used only if every step is known to do what Nest would do; otherwise Nest builds, and `slowBecause` says
 *     why.
 *  2. Nest 11 records what a request-scoped provider needs when it first builds one: then the plan is made after the
 *     first run.
 */
import { type ModulesContainer, REQUEST } from '@nestjs/core';
import type { RunInstances } from '../run/index.js';
import { RunContext } from '../stage/index.js';
import { checkSharedByNest } from './check-scopes.js';
import type { NestRuntime } from './nest-runtime.js';
import { resolveRun } from './resolve-run.js';
import { openPlanned, planRun, type RunPlan, type RunSources } from './run-plan.js';
import { inOrder, type Wrapper, wrapperOf } from './wrappers.js';

export class RunOpener {
  readonly #stages: readonly (Wrapper | null)[];
  readonly #runtime: NestRuntime;
  readonly #sources: RunSources;
  #plan: RunPlan | null = null;
  #slowBecause: string | null = null;
  #isWaiting = false;

  /** @param stages by index of the graph; null for what all runs share @throws DI_CAPTIVE_SCOPE */
  constructor(stages: readonly (Wrapper | null)[], runtime: NestRuntime, container: ModulesContainer) {
    this.#stages = stages;
    this.#runtime = runtime;
    this.#sources = { run: wrapperOf(container, RunContext), request: wrapperOf(container, REQUEST as never) };
    for (const wrapper of inOrder(stages.filter((stage) => stage !== null))) checkSharedByNest(wrapper);
    this.#makePlan(false);
  }

  /** Null if the plan is used. */
  get slowBecause(): string | null {
    return this.#slowBecause;
  }

  open(run: RunContext): RunInstances | Promise<RunInstances> {
    const request = this.#runtime.call?.request;
    return this.#plan === null ? this.#resolve(run, request) : openPlanned(this.#plan, run, request);
  }

  async #resolve(run: RunContext, request: unknown): Promise<RunInstances> {
    const instances = await resolveRun(this.#stages, this.#sources.run, run, request);
    if (this.#isWaiting) this.#makePlan(true);
    return instances;
  }

  #makePlan(hasBuilt: boolean): void {
    const planned = planRun(this.#stages, this.#sources, hasBuilt);
    this.#plan = planned.plan;
    this.#slowBecause = planned.slowBecause;
    this.#isWaiting = planned.isUnrecorded;
  }
}
