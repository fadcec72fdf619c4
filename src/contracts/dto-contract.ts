import { StageflowError } from '../errors/index.js';
import {
  type Contract,
  type ContractIssue,
  type ContractResult,
  type ContractSide,
  type DtoClass,
  type UnknownKeys,
} from './contract.js';
import type { ContractLabel } from './contract-label.js';
import { DtoCheck } from './dto-check.js';
import { DtoCopy } from './dto-copy.js';
import { dtoJsonSchema } from './dto-json-schema.js';
import { rulesOf } from './dto-rules.js';
import type { JsonSchema, JsonSchemaOptions } from './json-schema.js';
import { type DtoPeers, loadDtoPeers, loadJsonSchemaPeer } from './peers.js';
import { classOf, thrownName, typeName } from './type-name.js';

/** The contract of a class with class-validator rules. */
export class DtoContract<T extends object> implements Contract<T> {
  readonly name: string;
  readonly version: number | null;
  readonly model: DtoClass<T>;
  readonly unknownKeys: UnknownKeys;
  #peers: DtoPeers | undefined;

  constructor(model: DtoClass<T>, { name, version }: ContractLabel, unknownKeys: UnknownKeys) {
    this.name = name;
    this.version = version;
    this.model = model;
    this.unknownKeys = unknownKeys;
  }

  /** An instance is checked and handed on as it is; of anything else, an instance is made. */
  check(value: unknown): ContractResult<T> | Promise<ContractResult<T>> {
    const peers = this.#ready();
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return refused('object', 'must be an object', value);
    }
    if (value instanceof this.model) return this.#apply(value, false, peers);
    const made = this.#instantiate(value, peers);
    return made.ok ? this.#apply(made.value, true, peers) : made;
  }

  prepare(): void {
    this.#ready();
  }

  toJsonSchema(side: ContractSide = 'output', { marked = false }: JsonSchemaOptions = {}): JsonSchema {
    const peers = this.#ready();
    const peer = loadJsonSchemaPeer(this.#user);
    return dtoJsonSchema(this.model, { peers, peer, side, marked, unknownKeys: this.unknownKeys });
  }

  get #user(): string {
    return `Contract ${this.model.name || '(anonymous class)'}`;
  }

  #ready(): DtoPeers {
    if (this.#peers !== undefined) return this.#peers;
    const peers = loadDtoPeers(this.#user);
    if (rulesOf(this.model, peers.rules) === undefined) throw uncheckable(this.#user);
    this.#peers = peers;
    return peers;
  }

  #instantiate(value: object, peers: DtoPeers): ContractResult<T> {
    try {
      const copying = new DtoCopy(peers.types, (object) => isDto(object, peers));
      const copy = copying.copy(value, this.model);
      if (copying.circularAt !== undefined) return refused('circular', 'holds itself', value, copying.circularAt);
      const instance = peers.plainToInstance(this.model, copy) as T;
      copying.restore(instance);
      return { ok: true, value: instance };
    } catch (thrown) {
      // The value has no say in whether the check itself goes wrong: whatever @Transform and constructors throw is its issue.
      return refused('transform', `cannot be made an instance: ${thrownName(thrown)} was thrown on the way`, value);
    }
  }

  #apply(instance: T, isOwn: boolean, peers: DtoPeers): ContractResult<T> | Promise<ContractResult<T>> {
    const check = new DtoCheck(peers, this.unknownKeys);
    try {
      check.visit(instance, '', isOwn);
    } catch (thrown) {
      return refused('unchecked', `could not be checked: ${thrownName(thrown)} was thrown on the way`, instance);
    }
    const result = (): ContractResult<T> =>
      check.issues.length === 0 ? { ok: true, value: instance } : { ok: false, issues: Object.freeze(check.issues) };
    return check.pending.length === 0 ? result() : Promise.all(check.pending).then(result);
  }
}

function isDto(object: object, { rules }: DtoPeers): boolean {
  const target = classOf(object);
  return target !== undefined && rulesOf(target, rules) !== undefined;
}

function refused(constraint: string, message: string, value: unknown, path = ''): ContractResult<never> {
  const issue: ContractIssue = Object.freeze({ path, constraint, message, received: typeName(value) });
  return { ok: false, issues: Object.freeze([issue]) };
}

function uncheckable(user: string): StageflowError {
  return new StageflowError({
    code: 'CONTRACT_UNCHECKABLE',
    message: `${user} would check nothing: the class has no class-validator rules.`,
    fix: 'Put rules such as @IsString() on its fields. If it has some, two versions of class-validator are installed.',
    details: { contract: user },
  });
}
