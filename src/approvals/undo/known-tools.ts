import type { UndoableTool, UndoHandler } from '../../tools/index.js';
import { demand } from './undo-errors.js';

/** The tools that can undo, by the name their calls are kept under. */
export class KnownTools {
  readonly #byName = new Map<string, UndoableTool>();

  /** @throws UNDO_OPTION_INVALID if another tool of one of the names can undo as well */
  learn(tools: readonly UndoableTool[]): void {
    for (const tool of tools) {
      const known = this.#byName.get(tool.name);
      const isSame = known === undefined || known.key === tool.key;
      demand(isSame, 'handlerOf', `a function, since two tools of the name "${tool.name}" can undo`);
      this.#byName.set(tool.name, tool);
    }
  }

  handlerOf = (name: string): UndoHandler | undefined => this.#byName.get(name)?.undo;
}
