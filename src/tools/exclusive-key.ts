import type { StageContext } from '../stage/index.js';

/** The key that one call at a time may hold. Contains the tenant, so that organisations do not wait for each other. */
export function exclusiveKey(
  exclusive: string | ((input: any) => string),
  input: unknown, // keeps the contract of the tool
  { org }: StageContext,
): string {
  const key = typeof exclusive === 'string' ? fill(exclusive, input) : exclusive(input);
  return JSON.stringify([org.orgId, org.tenantId, key]);
}

/** `file:{path}` with the fields of the input; quoted, so that no value can be taken for the end of another. */
function fill(template: string, input: unknown): string {
  return template.replace(/\{([^{}]+)\}/g, (_, path: string) => {
    const value = path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown> | null)?.[key], input);
    return JSON.stringify(value) ?? 'undefined';
  });
}
