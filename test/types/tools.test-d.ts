import { z } from 'zod';
import { defineTool, Tool } from '../../src/index.js';

const input = z.object({ path: z.string() });
const output = z.object({ done: z.boolean() });
const text = { name: 'edit', description: 'Edits.' };

defineTool({ ...text, input, output, effect: 'read', execute: ({ path }) => ({ done: path === '' }) });
// @ts-expect-error the output has another type
defineTool({ ...text, input, output, effect: 'read', execute: () => ({ done: 'yes' }) });
defineTool({ ...text, input, effect: 'reversible', execute: () => 1, undo: () => {} });
// @ts-expect-error reversible, without undo
defineTool({ ...text, input, effect: 'reversible', execute: () => 1 });

@Tool({ ...text, input, effect: 'reversible' })
export class Reversible {
  execute(_input: { path: string }) {}
  undo() {}
}

// @ts-expect-error reversible, without undo
@Tool({ ...text, input, effect: 'reversible' })
export class WithoutUndo {
  execute(_input: { path: string }) {}
}
