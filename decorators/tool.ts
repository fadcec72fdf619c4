import type { ContractInput, ContractSource, ContractValue } from '../src/contracts/index.js';
import { DefinitionError } from '../src/errors/index.js';
import { constructorProblems, writeMetadata } from '../src/metadata/index.js';
import type { ToolContext } from '../src/stage/index.js';
import { type ToolOptions, toolProblems, type UndoHandler } from '../src/tools/index.js';
import { checkOptionNames, startChecks } from './misuse.js';

/** What a tool class must be: `undo` where its effect is `reversible`. */
type ToolShape<I extends ContractSource, O extends ContractSource, E> = {
  execute(
    input: ContractValue<I>,
    ctx: ToolContext,
  ): [O] extends [never] ? unknown : ContractInput<O> | Promise<ContractInput<O>>;
} & (E extends 'reversible' ? { undo: UndoHandler } : unknown);

const OPTION_NAMES = [
  'name',
  'description',
  'input',
  'output',
  'effect',
  'behaviors',
  'approval',
  'timeoutMs',
  'concurrency',
  'exclusive',
] as const satisfies (keyof ToolOptions)[];

/**
 * Makes a class a tool, which the container builds. List it in `tools` of a module. Not inherited.
 *
 * Does not compile if `execute` does not take the input or give the output, or `undo` is missing where it is reversible.
 * @throws DefinitionError with TOOL_INVALID or METADATA_OPTION_INVALID, when the class is loaded.
 */
export function Tool<I extends ContractSource, const E extends ToolOptions['effect'], O extends ContractSource = never>(
  options: Omit<ToolOptions<I, O>, 'effect'> & { readonly effect: E },
): (target: new (...args: any[]) => ToolShape<I, O, E>) => void {
  return (target) => {
    const misuse = startChecks('@Tool', 'tool', target);
    checkOptionNames(misuse, options, OPTION_NAMES);
    misuse.include(constructorProblems(target));
    misuse.throwIfAny();
    const problems = toolProblems(options, target.prototype);
    if (problems.length > 0) throw new DefinitionError(misuse.subject, problems);
    writeMetadata('tool', target, Object.freeze({ ...options }) as unknown as ToolOptions);
  };
}
