// Promise: what a contract hands on, and what may be given to it, is typed by its source.
import * as v from 'valibot';
import { z } from 'zod';
import {
  type ContractInput,
  type ContractValue,
  contract,
  contractOf,
  type RefuseMismatch,
} from '../../src/contracts/index.js';
import { proves, type Same } from './stages.js';

function given<S>(_input: ContractInput<S>): void {}

class Author {
  name!: string;
  nick?: string;
  #secret = 1;
  private own = 2;
  greet(): number {
    return this.#secret + this.own;
  }
}
class Page {
  title!: string;
  at!: Date;
  author!: Author;
  tags!: string[];
  editors?: Author[];
}
const zodSchema = z.object({ a: z.string().default('x'), n: z.string().transform(Number), k: z.enum(['p', 'q']) });
const valibotSchema = v.object({ a: v.optional(v.string(), 'x'), n: v.pipe(v.string(), v.transform(Number)) });
const named = contract('named/v1', zodSchema);

// What is handed on: the instance, or the output of the schema.
proves<Same<ContractValue<typeof Page>, Page>>();
proves<Same<ContractValue<typeof zodSchema>, { a: string; n: number; k: 'p' | 'q' }>>();
proves<Same<ContractValue<typeof valibotSchema>, { a: string; n: number }>>();
proves<Same<ContractValue<typeof named>, { a: string; n: number; k: 'p' | 'q' }>>();
// @ts-expect-error the transform makes it a number
proves<Same<ContractValue<typeof valibotSchema>, { a: string; n: string }>>();

const checked = await contractOf(Page).check({});
if (checked.ok) {
  const greeting: number = checked.value.author.greet();
  // @ts-expect-error a number, not a text
  const text: string = greeting;
  void text;
}

// What may be given: an instance or its shape, or the input of the schema.
given<typeof Page>(new Page());
given<typeof Page>({ title: '', at: new Date(), author: { name: '' }, tags: ['a'] as const, editors: undefined });
given<typeof Page>({ title: '', at: new Date(), author: new Author(), tags: [], editors: [{ name: '', nick: '' }] });
// @ts-expect-error the author is missing
given<typeof Page>({ title: '', at: new Date(), tags: [] });
// @ts-expect-error the author has no name
given<typeof Page>({ title: '', at: new Date(), author: { nick: '' }, tags: [] });
// @ts-expect-error a Date is wanted
given<typeof Page>({ title: '', at: '2024-01-01', author: { name: '' }, tags: [] });
given<typeof zodSchema>({ n: '1', k: 'p' });
// @ts-expect-error the input of the transform is a text
given<typeof zodSchema>({ n: 1, k: 'p' });
given<typeof valibotSchema>({ n: '1' });
given<typeof named>({ n: '1', k: 'q' });
// @ts-expect-error k is missing
given<typeof named>({ n: '1' });

// Sources.
contractOf(Page);
contractOf(zodSchema);
contractOf(valibotSchema);
contractOf(named);
// @ts-expect-error an instance is no source
contractOf(new Page());
// @ts-expect-error nor is a name
contractOf('Page');
// @ts-expect-error a DTO class gets its name from @Contract
contract('page/v1', Page);

// What execute returns is held against the contract, and the part that does not fit is shown.
const MESSAGE = 'execute() returns what its output contract does not accept';
type Shown<R, S> = RefuseMismatch<R, S> extends { [MESSAGE]: infer Part } ? Part : 'nothing';
proves<Same<RefuseMismatch<{ n: string; k: 'p' }, typeof zodSchema>, unknown>>();
proves<Same<RefuseMismatch<Page, typeof Page>, unknown>>();
proves<Same<RefuseMismatch<{ name: string; more: number }, typeof Author>, unknown>>();
proves<Same<RefuseMismatch<any, typeof Page>, unknown>>();
proves<Same<RefuseMismatch<never, typeof Page>, unknown>>();
proves<Same<Shown<{ name: number }, typeof Author>, { name: { returned: number; contract: string } }>>();
proves<Same<Shown<{ nick: '' }, typeof Author>, { name: { returned: 'nothing'; contract: string } }>>();
proves<Same<Shown<{ n: number; k: 'p' }, typeof zodSchema>, { n: { returned: number; contract: string } }>>();
proves<Same<Shown<{ name: string } | { name: 5 }, typeof Author>, { name: { returned: 5; contract: string } }>>();
proves<Same<Shown<undefined, typeof Author>, undefined>>();
proves<Same<Shown<string[], typeof Author>, { name: { returned: 'nothing'; contract: string } }>>();
// @ts-expect-error a mismatch is not nothing
proves<Same<Shown<{ name: number }, typeof Author>, 'nothing'>>();
