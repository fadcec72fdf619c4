import { createRequire } from 'node:module';
import { StageflowError } from '../errors/index.js';

// Only what is used of the optional packages, so that the types of stageflow need none of them.

export interface RuleMetadata {
  readonly type: string;
  readonly name?: string | undefined;
  readonly target: unknown;
  readonly propertyName: string;
  readonly constraintCls: Function;
  readonly constraints: readonly unknown[] | undefined;
  readonly message?: unknown;
  readonly each?: boolean | undefined;
  readonly validateIf?: ((object: object, value: unknown) => boolean) | undefined;
}

export interface RuleConstraint {
  readonly name: string | undefined;
  readonly target: Function;
  readonly instance: { validate(value: unknown, given: RuleArguments): unknown };
}

export interface RuleArguments {
  readonly value: unknown;
  readonly constraints: readonly unknown[] | undefined;
  readonly targetName: string;
  readonly object: object;
  readonly property: string;
}

/** class-validator keeps it on a global, so that all copies of the package share one. */
export interface RuleStorage {
  getTargetValidationMetadatas(target: Function, schema: string, always: boolean, strict: boolean): RuleMetadata[];
  getTargetValidatorConstraints(target: Function): RuleConstraint[];
}

export interface TypeMetadata {
  readonly typeFunction: (given: { object: object; property: string }) => Function | undefined;
  readonly options?: { readonly discriminator?: Discriminator | undefined } | undefined;
}

export interface Discriminator {
  readonly property: string;
  readonly subTypes: readonly { readonly name: string; readonly value: Function }[];
}

export interface TransformStorage {
  findTypeMetadata(target: Function, property: string): TypeMetadata | undefined;
  findExposeMetadataByCustomName(target: Function, name: string): { readonly propertyName?: string } | undefined;
  findTransformMetadatas(target: Function, property: string, kind: number): readonly unknown[];
}

/** What checks and describes DTOs. */
export interface DtoPeers {
  readonly rules: RuleStorage;
  readonly types: TransformStorage;
  plainToInstance(target: Function, plain: object): object;
}

export interface JsonSchemaPeer {
  targetConstructorToSchema(target: Function, options: Readonly<Record<string, unknown>>): Record<string, unknown>;
}

export type Load = (specifier: string) => unknown;

/** Loads the packages that a DTO needs: synchronously, and not before a DTO is used, because they are slow to load. */
export function loadDtoPeers(user: string, load: Load = createRequire(import.meta.url)): DtoPeers {
  const validator = peer(user, 'class-validator', load) as { getMetadataStorage(): RuleStorage };
  const transformer = peer(user, 'class-transformer', load) as Pick<DtoPeers, 'plainToInstance'>;
  // The package exports its storage from nowhere else.
  const storage = peer(user, 'class-transformer/cjs/storage.js', load) as { defaultMetadataStorage: TransformStorage };
  return {
    rules: validator.getMetadataStorage(),
    types: storage.defaultMetadataStorage,
    plainToInstance: transformer.plainToInstance,
  };
}

export function loadJsonSchemaPeer(user: string, load: Load = createRequire(import.meta.url)): JsonSchemaPeer {
  return peer(user, 'class-validator-jsonschema', load) as JsonSchemaPeer;
}

function peer(user: string, specifier: string, load: Load): unknown {
  try {
    return load(specifier);
  } catch (cause) {
    const [name = specifier] = specifier.split('/');
    throw new StageflowError({
      code: 'CONTRACT_PEER_MISSING',
      message: `${user} needs the package ${name}, which cannot be loaded.`,
      fix: `Install it: npm install ${name}. Or use a schema of zod, valibot or another Standard Schema library.`,
      details: { package: name },
      cause,
    });
  }
}
