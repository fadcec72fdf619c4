import {
  type Contract as ContractOf,
  classContractOf,
  LABEL_FORMAT,
  nameContract,
  parseLabel,
  UnknownKeys,
} from '../src/contracts/index.js';
import { checkOptionNames, describeValue, isClass, Misuse } from './misuse.js';

export interface ContractDecoratorOptions {
  /** What happens to keys that the class does not name. Default: `UnknownKeys.Strip`. */
  readonly unknownKeys?: UnknownKeys;
}

/** A contract itself, as `contractOf` gives it: decorator and type share the name. */
export type Contract<T = unknown, I = unknown> = ContractOf<T, I>;

/**
 * Gives a DTO class a name and a version under which it can be registered and compared: `@Contract('summary/v2')`. A DTO
 * without it is a contract too, of the name of its class. Not inherited: a subclass is another contract.
 * @throws DefinitionError with METADATA_OPTION_INVALID, when the class is loaded.
 */
export function Contract(
  label: string,
  options: ContractDecoratorOptions = {},
): (target: abstract new (...args: never[]) => object) => void {
  return (target) => {
    const misuse = new Misuse('@Contract', target);
    if (!isClass(target)) misuse.add('does not stand on a class.', 'Put @Contract(…) directly above `class`.');
    else if (classContractOf(target) !== undefined) misuse.add('is applied twice.', 'Keep one @Contract(…).');
    misuse.throwIfAny();
    checkOptionNames(misuse, options, ['unknownKeys']);
    const parsed = parseLabel(label);
    if (parsed === undefined) misuse.add(`has the name ${describeValue(label)}.`, LABEL_FORMAT, { option: 'label' });
    const choices = Object.values(UnknownKeys);
    if (options.unknownKeys !== undefined && !choices.includes(options.unknownKeys)) {
      const message = `has unknownKeys ${describeValue(options.unknownKeys)}.`;
      misuse.add(message, `Use one of ${choices.join(', ')}.`, { option: 'unknownKeys' });
    }
    misuse.throwIfAny();
    if (parsed !== undefined) nameContract(target, parsed, options.unknownKeys);
  };
}
