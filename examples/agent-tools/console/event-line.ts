import type { PipelineEvent } from 'stageflow';

/** What a reader of the output wants to know of an event; null for nothing. */
export function eventLine(event: PipelineEvent): string | null {
  switch (event.type) {
    case 'tool.invoked':
      return `- ${event.tool}${nameIn(event.arguments)}`;
    case 'tool.failed':
      return `  failed: ${event.error.message}`;
    case 'tool.denied':
      return `  not done: ${event.message}`;
    case 'approval.decided':
      return `  ${event.status} by ${event.decidedBy ?? 'nobody'}: ${event.reason ?? 'without a reason'}`;
    default:
      return null;
  }
}

function nameIn(given: unknown): string {
  const name = (given as { readonly name?: unknown } | null | undefined)?.name;
  return typeof name === 'string' ? ` ${JSON.stringify(name)}` : '';
}
