import { Pipeline, PipelineRegistry } from 'stageflow';
import { expect, it } from 'vitest';

const login = new Pipeline('login').withStage('user', (ctx) => ({ name: ctx.snapshot.inputText ?? 'guest' }));
const cart = new Pipeline('cart').withStage('cart', () => ({ items: 2 }));

it('pipelines are values: parts are joined into new ones, and stay as they were (065)', async () => {
  const checkout = login
    .compose(cart)
    .withStage('summary', ({ inputs }) => ({ text: `${inputs.from('user').name}: ${inputs.from('cart').items}` }), {
      dependsOn: ['user', 'cart'],
    });
  expect((await checkout.run({ inputText: 'Ann' })).of('summary').text).toBe('Ann: 2');
  expect([login.stageNames, cart.stageNames]).toEqual([['user'], ['cart']]);
});

it('two parts that define one name differently are refused, unless one is meant to win (065)', () => {
  const guest = new Pipeline('guest').withStage('user', () => ({ name: 'guest' }));
  expect(() => login.compose(guest)).toThrow(expect.objectContaining({ code: 'GRAPH_COMPOSE_CONFLICT' }));
  expect(login.compose(guest, { override: true }).stageNames).toEqual(['user']);
});

it('a registry finds pipelines by a name that is known only at run time (066)', async () => {
  const registry = new PipelineRegistry().register(login.build()).register(cart.build());
  expect((await registry.get('cart').run()).outputs).toEqual({ cart: { items: 2 } });
  expect(() => registry.get('card')).toThrow('Registered: login, cart.');
});
