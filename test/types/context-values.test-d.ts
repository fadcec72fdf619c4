// Promise: what goes into a snapshot, an extension or the bag under a name comes out with its type.
import { z } from 'zod';
import { type BagView, bagKey, ContextSnapshot, type ExtensionToken, extensionToken } from '../../src/context/index.js';
import { proves, type Same } from './stages.js';

declare const bag: BagView;
class Money {
  constructor(readonly amount: bigint) {}
}

// The bag
const LANGUAGE = bagKey<string>('language');
bag.set(LANGUAGE, 'pt');
// @ts-expect-error the language is text
bag.set(LANGUAGE, 7);
proves<Same<ReturnType<typeof readLanguage>, string>>();
function readLanguage() {
  return bag.get(LANGUAGE);
}
bag.set('anything', 7);
bag.get('anything') satisfies unknown;
// @ts-expect-error a plain name says nothing about the type
bag.get('anything').length;

// Extensions
const PLAN = extensionToken('plan', { validate: z.object({ seats: z.number() }) });
proves<Same<typeof PLAN, ExtensionToken<{ seats: number }>>>();
PLAN.of({ seats: 3 });
// @ts-expect-error the schema says number
PLAN.of({ seats: '3' });
const PRICE = extensionToken<Money, string>('price', {
  encode: ({ amount }) => `${amount}`,
  decode: (data) => new Money(BigInt(data)),
});
PRICE.of(new Money(1n));
// @ts-expect-error the token stands for Money, not for what is stored
PRICE.of('1');
// @ts-expect-error what is encoded must be decoded
extensionToken<Money, string>('price', { encode: ({ amount }) => `${amount}` });
// @ts-expect-error decode is given what validate gives
extensionToken<Money, string>('price', { encode: String, decode: (data: number) => new Money(BigInt(data)) });

// Snapshots
const snapshot = new ContextSnapshot({ input: { url: 'x' }, extensions: [PLAN.of({ seats: 3 })] });
snapshot.extensions.require(PLAN).seats satisfies number;
snapshot.extensions.get(PLAN)?.seats satisfies number | undefined;
// @ts-expect-error it may be absent
snapshot.extensions.get(PLAN).seats;
snapshot.with({ inputText: 'y' }).input.url satisfies string;
snapshot.with({ input: 7 }).input satisfies number;
// @ts-expect-error the identity of a run stays
snapshot.with({ identity: { userId: 'root' } });
// @ts-expect-error an extension is given under its token
new ContextSnapshot({ extensions: [{ seats: 3 }] });
// @ts-expect-error nobody speaks as robot
new ContextSnapshot({ conversation: { messages: [{ role: 'robot', content: '' }] } });
// @ts-expect-error a snapshot is read, never written
snapshot.metadata.a = 1;
ContextSnapshot.fromJSON({}, { extensions: [PLAN, PRICE] }).input satisfies unknown;
// @ts-expect-error what was stored has no type until somebody looks
ContextSnapshot.fromJSON({}).input.url;
