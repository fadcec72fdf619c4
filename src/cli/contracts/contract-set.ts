import { readFileSync } from 'node:fs';
import {
  type Contract,
  type ContractSide,
  classContractOf,
  contractOf,
  isContract,
  type JsonSchema,
  labelOf,
} from '../../contracts/index.js';
import { exportError, usageError } from '../cli-errors.js';
import type { CliIo } from '../cli-io.js';
import { loadModule, type ModuleName, readModuleName } from '../loading/load-module.js';
import { parseJson } from '../loading/read-text.js';

/** Contracts to compare with others, by label. */
export interface ContractSet {
  /** It is one contract, which was named, or a schema by itself. */
  readonly isSingle: boolean;
  readonly schemas: ReadonlyMap<string, JsonSchema>;
}

/** What `contracts list --json` writes: both sides of each, since they differ in defaults and transforms. */
export interface StoredContracts {
  readonly contracts: Readonly<Record<string, Readonly<Record<ContractSide, JsonSchema>>>>;
}

/**
 * Reads contracts: those that a module exports with a name and a version, one export of it (`file#Export`), a stored list
 * of them, one of that (`file.json#summary/v2`), or a JSON Schema.
 * @throws CLI_USAGE, CLI_EXPORT_UNKNOWN; what `Contract.toJsonSchema` throws
 */
export async function readContractSet(io: CliIo, given: string, side: ContractSide): Promise<ContractSet> {
  const name = readModuleName(io, given);
  return name.file.endsWith('.json') ? readStored(name, given, side) : readExported(io, name, side);
}

/** The contracts that a module exports with a name and a version. */
export async function exportedContracts(io: CliIo, given: string): Promise<ReadonlyMap<string, Contract>> {
  const { exports } = await loadModule(io, readModuleName(io, given));
  return labelled(Object.values(exports));
}

async function readExported(io: CliIo, name: ModuleName, side: ContractSide): Promise<ContractSet> {
  const { exports, file, exported } = await loadModule(io, name);
  if (exported === null) {
    const contracts = [...labelled(Object.values(exports))];
    return { isSingle: false, schemas: new Map(contracts.map(([label, one]) => [label, one.toJsonSchema(side)])) };
  }
  if (!Object.hasOwn(exports, exported)) {
    const known = Object.keys(exports).toSorted();
    throw exportError(
      `${file} has no export ${exported}. It exports ${known.join(', ')}.`,
      'Name one of its exports.',
      {
        file,
        export: exported,
        exports: known,
      },
    );
  }
  const contract = contractOf(exports[exported] as Contract);
  return { isSingle: true, schemas: new Map([[labelOf(contract), contract.toJsonSchema(side)]]) };
}

function readStored({ file, exported }: ModuleName, given: string, side: ContractSide): ContractSet {
  const json = parseJson(readFileSync(file, 'utf8'), given);
  if (typeof json !== 'object' || json === null) {
    throw usageError(`${given} holds neither contracts nor a JSON Schema.`, 'Give an object.', { file });
  }
  const { contracts } = json as Partial<StoredContracts>;
  if (contracts === undefined) return { isSingle: true, schemas: new Map([[given, json as JsonSchema]]) };
  const all = new Map(Object.entries(contracts).map(([label, sides]) => [label, sides[side]]));
  if (exported === null) return { isSingle: false, schemas: all };
  const one = all.get(exported);
  if (one !== undefined) return { isSingle: true, schemas: new Map([[exported, one]]) };
  const known = [...all.keys()];
  throw exportError(`${file} has no contract ${exported}. It has ${known.join(', ')}.`, 'Name one of them.', {
    file,
    export: exported,
    exports: known,
  });
}

function labelled(values: readonly unknown[]): ReadonlyMap<string, Contract> {
  const found = values.filter((value): value is Contract => {
    if (isContract(value)) return value.version !== null;
    return typeof value === 'function' && classContractOf(value) !== undefined;
  });
  return new Map(found.map((value) => contractOf(value)).map((contract) => [labelOf(contract), contract]));
}
