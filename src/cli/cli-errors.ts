import { StageflowError } from '../errors/index.js';

export function usageError(message: string, fix: string, details: Record<string, unknown> = {}): StageflowError {
  return new StageflowError({ code: 'CLI_USAGE', message, fix, details });
}

export function exportError(message: string, fix: string, details: Record<string, unknown>): StageflowError {
  return new StageflowError({ code: 'CLI_EXPORT_UNKNOWN', message, fix, details });
}

export function configError(message: string, fix: string, details: Record<string, unknown> = {}): StageflowError {
  return new StageflowError({ code: 'CLI_CONFIG_INVALID', message, fix, details });
}

export function moduleError(file: string, cause: unknown): StageflowError {
  const message = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return new StageflowError({
    code: 'CLI_MODULE_FAILED',
    message: `${file} could not be loaded: ${message.replace(/\.$/, '')}.`,
    fix: fixOf(cause),
    details: { file },
    cause,
  });
}

export function noTypeScript(file: string): StageflowError {
  return new StageflowError({
    code: 'CLI_NO_TYPESCRIPT',
    message: `${file} is TypeScript, and @oxc-node/core, which loads it with decorators, is not installed.`,
    fix: 'Run npm install --save-dev @oxc-node/core, or give the compiled JavaScript file.',
    details: { file },
  });
}

function fixOf(cause: unknown): string {
  if (cause instanceof SyntaxError) {
    return 'If it is a decorator that is not understood, see that a tsconfig.json with experimentalDecorators and emitDecoratorMetadata includes the file.';
  }
  const { code } = (cause ?? {}) as { readonly code?: unknown };
  if (code === 'ERR_MODULE_NOT_FOUND') return 'Check the path, and that everything it imports is installed.';
  return 'Loading a module should only define things: see what it does when it is imported.';
}
