// @ts-check
/* The yardstick: the promise DAG people write by hand. Nothing but order: no context, no timing, no cancellation. */

const asyncWork = async () => ({ x: 1 });
const syncWork = () => ({ x: 1 });

/** @param {import('./graphs.mjs').GraphShape} graph @returns {() => Promise<unknown>} */
export function bareDag({ stages, sync }) {
  const work = sync ? syncWork : asyncWork;
  return () => {
    /** @type {Record<string, Promise<unknown>>} */
    const p = {};
    for (const { name, dependencies } of stages) p[name] = Promise.all(dependencies.map((d) => p[d])).then(work);
    return Promise.all(Object.values(p));
  };
}
