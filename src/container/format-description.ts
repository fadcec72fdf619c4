import type { AppDescription, ModuleDescription, PipelineDescription, StageDescription } from './app-description.js';
import { driverText } from './describe-driver.js';

/** Lays out an application as indented lines, without colour. */
export function formatDescription(description: Omit<AppDescription, 'toString'>): string {
  const lines = [
    `application ${description.application}`,
    ...description.pipelines.flatMap(pipelineLines),
    ...description.modules.flatMap(moduleLines),
  ];
  if (description.fromParent.length > 0) lines.push(`  from tsyringe: ${description.fromParent.join(', ')}`);
  return lines.join('\n');
}

function pipelineLines(pipeline: PipelineDescription): string[] {
  const limit = pipeline.maxConcurrency === null ? '' : `, at most ${pipeline.maxConcurrency} at once`;
  const width = Math.max(...pipeline.stages.map(({ stage }) => stage.length));
  return [
    `  pipeline ${pipeline.pipeline} (${pipeline.module}, ${pipeline.failurePolicy}${limit})`,
    ...pipeline.stages.map((stage) => `    ${stage.stage.padEnd(width)}  ${stageFacts(stage)}`),
  ];
}

function stageFacts(stage: StageDescription): string {
  const after = stage.dependsOn.map((dependency) => `${dependency.stage}${dependency.optional ? '?' : ''}`);
  return [
    stage.kind,
    stage.scope,
    ...(after.length > 0 ? [`after ${after.join(', ')}`] : []),
    ...(stage.condition === null ? [] : [`if ${stage.condition}`]),
    ...(stage.driver === null ? [] : [driverText(stage.driver)]),
    ...(stage.timeoutMs === null ? [] : [`within ${stage.timeoutMs} ms`]),
    ...(stage.priority === 0 ? [] : [`priority ${stage.priority}`]),
    ...(stage.access.length > 0 ? [`for ${stage.access.join(', ')}`] : []),
    ...(stage.interceptors.length > 0 ? [`inside ${onionText(stage.interceptors)}`] : []),
  ].join(' · ');
}

/** Band by band, from the outside: `resilience: Retry > Timeout, application: Audit`. */
function onionText(layers: StageDescription['interceptors']): string {
  return layers
    .map(({ interceptor, band }, index) => {
      const before = layers[index - 1];
      if (before === undefined) return `${band}: ${interceptor}`;
      return before.band === band ? ` > ${interceptor}` : `, ${band}: ${interceptor}`;
    })
    .join('');
}

function moduleLines({ module, imports, exports, providers, tools }: ModuleDescription): string[] {
  const own = providers.filter(({ role }) => role !== 'stage' && role !== 'tool');
  return [
    `  module ${module}`,
    ...(imports.length > 0 ? [`    imports ${imports.join(', ')}`] : []),
    ...(exports.length > 0 ? [`    exports ${exports.join(', ')}`] : []),
    ...own.map(({ token, role, form, scope }) => `    ${role} ${token} (${form}, ${scope})`),
    ...(tools.length > 0 ? [`    tools ${tools.join(', ')}`] : []),
  ];
}
