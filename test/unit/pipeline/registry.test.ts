import { describe, expect, it } from 'vitest';
import { Pipeline, PipelineRegistry } from '../../../src/pipeline/index.js';

const named = (name: string) => new Pipeline(name).withStage('a', () => ({ name })).build();

describe('the registry', () => {
  it('finds pipelines by name, in the order of registration', () => {
    const registry = new PipelineRegistry().register(named('one')).register(named('two'));
    expect(registry.get('two').name).toBe('two');
    expect(registry.names).toEqual(['one', 'two']);
    expect([...registry].map(({ name }) => name)).toEqual(['one', 'two']);
    expect([registry.has('one'), registry.has('three')]).toEqual([true, false]);
  });

  it('refuses a name twice: REGISTRY_DUPLICATE, unless replace (066)', () => {
    const [first, second] = [named('one'), named('one')];
    const registry = new PipelineRegistry().register(first);
    expect(() => registry.register(second)).toThrow(
      expect.objectContaining({ code: 'REGISTRY_DUPLICATE', details: { name: 'one' } }),
    );
    expect(registry.get('one')).toBe(first);
    registry.register(second, { replace: true });
    expect(registry.get('one')).toBe(second);
    expect(registry.names).toEqual(['one']);
  });

  it('refuses an unknown name: REGISTRY_UNKNOWN, with the names there are (066)', () => {
    const registry = new PipelineRegistry();
    expect(() => registry.get('x')).toThrow('Registered: none');
    registry.register(named('one')).register(named('two'));
    expect(() => registry.get('x')).toThrow(
      expect.objectContaining({ code: 'REGISTRY_UNKNOWN', details: { name: 'x', registered: ['one', 'two'] } }),
    );
    for (const name of ['__proto__', 'toString']) expect(registry.has(name)).toBe(false);
  });

  it('finds pipelines by what they were registered as; these may share a name, which then says too little', () => {
    class Crawl {}
    const [first, second, third] = [named('crawl'), named('crawl'), named('crawl')];
    const us = { module: Crawl };
    const registry = new PipelineRegistry().register(first, { as: Crawl }).register(second, { as: us });
    expect([registry.get(Crawl), registry.get(us)]).toEqual([first, second]);
    expect([registry.has(us), registry.has({ module: Crawl })]).toEqual([true, false]);
    expect(() => registry.get('crawl')).toThrow('2 pipelines are registered as "crawl".');
    expect(() => registry.get({ module: Crawl })).toThrow('No pipeline "Crawl" is registered.');
    expect(() => registry.register(third, { as: us })).toThrow(expect.objectContaining({ code: 'REGISTRY_DUPLICATE' }));
    registry.register(third, { as: us, replace: true });
    expect([registry.get(us), [...registry]]).toEqual([third, [first, third]]);
  });
});
