// @ts-check
import { createStep, createWorkflow } from '@mastra/core/workflows';
import { z } from 'zod';
import { stageFunction } from '../stages.mjs';

/**
 * Steps in sequence, or beside each other; a graph in general cannot be said. No storage. @type {import('../peers.mjs').Peer}
 */
export function prepare({ name, stages, sync }) {
  const anything = z.any();
  const steps = stages.map(({ name: id }, index) => {
    const work = stageFunction(sync, index);
    return createStep({ id, inputSchema: anything, outputSchema: anything, execute: async () => work() });
  });
  /** @type {any} */
  let workflow = createWorkflow({ id: name, inputSchema: anything, outputSchema: anything, steps });
  if (name.startsWith('chain')) for (const step of steps) workflow = workflow.then(step);
  else if (name.startsWith('fan')) workflow = workflow.then(steps[0]).parallel(steps.slice(1, -1)).then(steps.at(-1));
  else return 'only sequences and parallel groups';
  workflow.commit();
  return async () => {
    const run = await workflow.createRunAsync();
    const { status, error } = await run.start({ inputData: {} });
    if (status !== 'success') throw error;
  };
}
