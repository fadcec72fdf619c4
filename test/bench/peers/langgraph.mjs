// @ts-check
import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import { stageFunction } from '../stages.mjs';

/** State channels and supersteps; one channel per stage, no checkpointer. @type {import('../peers.mjs').Peer} */
export function prepare({ stages, sync }) {
  const state = Annotation.Root(Object.fromEntries(stages.map(({ name }) => [name, Annotation()])));
  /** @type {any} */
  const graph = new StateGraph(state);
  const read = new Set(stages.flatMap(({ dependencies }) => dependencies));
  stages.forEach(({ name }, index) => {
    const work = stageFunction(sync, index);
    graph.addNode(`run ${name}`, async () => ({ [name]: await work() }));
  });
  for (const { name, dependencies } of stages) {
    const sources = dependencies.map((dependency) => `run ${dependency}`);
    graph.addEdge(sources.length === 0 ? START : sources.length === 1 ? sources[0] : sources, `run ${name}`);
    if (!read.has(name)) graph.addEdge(`run ${name}`, END);
  }
  const app = graph.compile();
  const options = { recursionLimit: stages.length + 10 };
  return () => app.invoke({}, options);
}
