import { describe, expect, it } from 'vitest';
import { Access, AuthContext } from '../../../src/auth/index.js';
import { DefinitionError } from '../../../src/errors/index.js';
import { Pipeline } from '../../../src/pipeline/index.js';

const ann = AuthContext.verified({ userId: 'ann', roles: ['reader'] });
const trusted = { trustedCallers: true };
class Never {
  decide() {
    return false;
  }
}
class Picky extends Never {
  constructor(readonly budget: object) {
    super();
  }
}

const problemsOf = (build: () => unknown) => {
  try {
    build();
  } catch (error) {
    if (error instanceof DefinitionError) return error.problems.map(({ code }) => code);
  }
  throw new Error('Nothing is wrong with it.');
};
const failed = async (pipeline: Pipeline<any>) => {
  const { results } = await pipeline.build(trusted).start({ auth: ann }).result;
  return results.failures.map(({ stage, failure }) => `${stage} ${failure?.code}`);
};

describe('access in the builder', () => {
  it('is closed by rules of the stage and of the pipeline', async () => {
    const open = new Pipeline('open', { access: [Access.authenticated()] }).withStage('a', () => ({}), {
      access: [Access.anyRole('reader')],
    });
    expect(await failed(open)).toEqual([]);
    expect(await failed(open.withStage('b', () => ({}), { access: [Access.anyRole('admin')] }))).toEqual([
      'b AUTH_FORBIDDEN',
    ]);
    const closed = new Pipeline('closed', { access: [Access.anyRole('admin')] });
    expect(await failed(closed.withStage('c', () => ({}), { access: [Access.public()] }))).toEqual([
      'c AUTH_FORBIDDEN',
    ]);
  });

  it('makes policies of classes without arguments', async () => {
    const pipeline = new Pipeline('p').withStage('a', () => ({}), { access: [Access.policy(Never)] });
    expect(await failed(pipeline)).toEqual(['a AUTH_FORBIDDEN']);
    const picky = new Pipeline('p').withStage('a', () => ({}), { access: [Access.policy(Picky)] });
    expect(problemsOf(() => picky.build(trusted))).toEqual(['GRAPH_STAGE_INVALID']);
  });

  it('refuses to be built where nothing tells who calls, and reports what is no rule', () => {
    const pipeline = new Pipeline('p').withStage('a', () => ({}), { access: [Access.authenticated()] });
    expect(problemsOf(() => pipeline.build())).toEqual(['AUTH_NOT_CONFIGURED']);
    expect(problemsOf(() => pipeline.run({ auth: ann }))).toEqual(['AUTH_NOT_CONFIGURED']);
    for (const rule of [undefined, null, 'admin', { rule: 'roles', match: 'any', names: [] }]) {
      const wrong = new Pipeline('p').withStage('a', () => ({}), { access: [rule as never] });
      expect(problemsOf(() => wrong.build(trusted))).toEqual(['AUTH_OPTION_INVALID']);
    }
  });

  it('stays around a stage that is composed into another pipeline, and tells two stages apart', async () => {
    const closed = new Pipeline('closed', { access: [Access.anyRole('admin')] }).withStage('a', () => ({}));
    const stage = () => ({});
    expect(await failed(new Pipeline('other').withStage('b', stage).compose(closed))).toEqual(['a AUTH_FORBIDDEN']);
    const free = new Pipeline('one').withStage('s', stage);
    const ruled = new Pipeline('two').withStage('s', stage, { access: [Access.public()] });
    expect(problemsOf(() => free.compose(ruled as never))).toEqual(['GRAPH_COMPOSE_CONFLICT']);
  });
});
