import { StageflowError } from '../errors/index.js';
import { type Token, tokenName } from '../metadata/index.js';
import { showPath } from './plan-node.js';
import type { ModuleNode } from './wiring-records.js';

export function nowhere(token: Token, root: ModuleNode): StageflowError {
  const name = tokenName(token);
  return new StageflowError({
    code: 'DI_MISSING_PROVIDER',
    message: `Nobody provides ${name} in ${root.name}.`,
    fix: `Add ${name} to the providers of ${root.name}, or import a module that exports it.`,
    details: { token: name, module: root.name },
  });
}

export function hidden(token: Token, owner: ModuleNode, root: ModuleNode): StageflowError {
  const name = tokenName(token);
  return new StageflowError({
    code: 'DI_NOT_EXPORTED',
    message: `Module ${owner.name} provides ${name}, but ${root.name} does not see it.`,
    fix: `Export ${name} from ${owner.name}, up to a module that ${root.name} imports.`,
    details: { token: name, owner: owner.name, module: root.name },
  });
}

export function outsideRun(token: Token, path: readonly string[]): StageflowError {
  const name = tokenName(token);
  const because = path.length > 1 ? `, since it needs what does: ${showPath(path)}` : '';
  return new StageflowError({
    code: 'DI_OUTSIDE_RUN',
    message: `${name} belongs to one run${because}; there is none here.`,
    fix: 'Ask for it in the constructor of a stage or of a service that a stage uses.',
    details: { token: name, path },
  });
}

export function notAtOnce(token: Token): StageflowError {
  const name = tokenName(token);
  return new StageflowError({
    code: 'DI_CONSTRUCTION_FAILED',
    message: `${name} is transient and made by an asynchronous factory, so that get() cannot give it at once.`,
    fix: `Provide ${name} as a singleton, or ask for it in a constructor.`,
    details: { token: name },
  });
}
