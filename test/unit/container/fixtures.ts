import 'reflect-metadata';
import { container as tsyringeRoot } from 'tsyringe';
import { Stageflow, type StageflowOptions } from '../../../src/container/index.js';
import { DefinitionError, type ErrorCode, type Problem, StageflowError } from '../../../src/errors/index.js';
import type { ModuleLike } from '../../../src/metadata/index.js';

/** An application with a tsyringe container of its own, so that tests do not meet in the root container. */
export function create(root: ModuleLike, options: StageflowOptions = {}): Promise<Stageflow> {
  // Without the default stack: these tests are about what is listed.
  return Stageflow.create(root, { parent: tsyringeRoot.createChildContainer(), defaults: false, ...options });
}

/** What is wrong with a definition, as `create` says it. */
export async function problemsOf(root: ModuleLike, options: StageflowOptions = {}): Promise<readonly Problem[]> {
  const error = await failureOf(create(root, options));
  if (error instanceof DefinitionError) return error.problems;
  throw error;
}

export async function codesOf(root: ModuleLike, options: StageflowOptions = {}): Promise<readonly ErrorCode[]> {
  return (await problemsOf(root, options)).map((problem) => problem.code);
}

/** What a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('It did not fail.');
}

export function thrownBy(call: () => unknown): StageflowError {
  try {
    call();
  } catch (error) {
    if (error instanceof StageflowError) return error;
    throw error;
  }
  throw new Error('It did not throw.');
}

/** Something to wait for that a test opens. */
export interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

export function gate(): Gate {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

/** Lets everything that is due go on. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
