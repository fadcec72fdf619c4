// @ts-check
import pGraph from 'p-graph';
import { stageFunction } from '../stages.mjs';

/** Runs functions in dependency order, with a limit and priorities; hands nothing on. @type {import('../peers.mjs').Peer} */
export function prepare({ stages, sync }) {
  const nodes = new Map(stages.map(({ name }, index) => [name, { run: stageFunction(sync, index) }]));
  const edges = stages.flatMap(({ name, dependencies }) =>
    dependencies.map((dependency) => /** @type {[string, string]} */ ([dependency, name])),
  );
  const graph = new pGraph.PGraph(nodes, edges);
  return () => graph.run();
}
