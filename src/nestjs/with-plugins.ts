import type { StageflowModuleOptions } from './stageflow-options.js';

/** The options with what their plugins bring in its place: before what is listed beside them. */
export function withPlugins<O extends StageflowModuleOptions>({ plugins = [], ...options }: O): Omit<O, 'plugins'> {
  if (plugins.length === 0) return options;
  const { sinks = [], interceptors = [] } = options;
  return {
    ...options,
    sinks: [...plugins.flatMap((plugin) => plugin.sinks ?? []), ...sinks],
    interceptors: [...plugins.flatMap((plugin) => plugin.interceptors ?? []), ...interceptors],
  };
}
