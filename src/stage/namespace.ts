/** Whether it can be the prefix of a component. */
export function isNamespace(value: unknown): value is string {
  return typeof value === 'string' && /^[^\s.]+(\.[^\s.]+)*$/.test(value);
}

/** A namespace and those around it, the innermost first: `eu.inner`, `eu`, and '' for the pipeline itself. */
export function* namespacesFrom(namespace: string): Generator<string> {
  for (let scope = namespace; scope !== ''; scope = scope.slice(0, Math.max(0, scope.lastIndexOf('.')))) yield scope;
  yield '';
}

/** What a local name may stand for in a namespace, the innermost first: `fetch` in `eu` is `eu.fetch`, else `fetch`. */
export function* namesFor(local: string, namespace: string): Generator<string> {
  for (const scope of namespacesFrom(namespace)) yield inNamespace(scope, local);
}

/** A name, or a namespace, within a namespace. */
export function inNamespace(namespace: string, name: string): string {
  if (namespace === '') return name;
  return name === '' ? namespace : `${namespace}.${name}`;
}
