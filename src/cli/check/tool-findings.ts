import { readOwnMetadata } from '../../metadata/index.js';
import { type ToolClass, ToolEffect } from '../../stage/index.js';
import type { ToolDefinition, ToolOptions } from '../../tools/index.js';
import { CheckWarning, type Unplaced } from './finding.js';

/** What of a tool a check looks at. */
export interface CheckedTool {
  readonly name: string;
  /** Null for one that `defineTool` made. */
  readonly className: string | null;
  readonly effect: ToolEffect;
  readonly approval: ToolOptions['approval'];
  readonly timeoutMs: number | null;
}

export function toolOfClass(toolClass: ToolClass): CheckedTool {
  const { name, effect, approval, timeoutMs } = readOwnMetadata('tool', toolClass) as ToolOptions;
  return { name, className: toolClass.name, effect, approval, timeoutMs: timeoutMs ?? null };
}

export function toolOfDefinition({ spec }: ToolDefinition): CheckedTool {
  return { ...spec, className: null };
}

/**
 * What is left undecided of a tool that changes the world: how long a call may take, and, where nothing can take it back,
 * whether somebody has to approve it.
 */
export function toolFindings(tool: CheckedTool): readonly Unplaced[] {
  const { name, className, effect, approval, timeoutMs } = tool;
  if (effect === ToolEffect.Read) return [];
  const found: Unplaced[] = [];
  const label = `Tool "${name}"`;
  const about = { severity: 'warning', subjects: className === null ? [name] : [className, name] } as const;
  if (timeoutMs === null) {
    const message = `${label} changes the world (${effect}), and a call of it may take forever.`;
    found.push({ ...about, code: CheckWarning.ToolTimeout, message, fix: 'Give it timeoutMs.' });
  }
  if (effect !== ToolEffect.Reversible && (approval === undefined || approval === 'by-effect')) {
    const now = effect === ToolEffect.Irreversible ? 'a call of it waits for an approval' : 'nobody is asked';
    const message = `${label} is ${effect} and cannot be undone, and does not say whether a call has to be approved: ${now}.`;
    const fix = "Decide: approval: 'required' or 'never', or make it reversible by an undo.";
    found.push({ ...about, code: CheckWarning.ToolApproval, message, fix });
  }
  return found;
}
