import { IsString } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { Contract } from '../../../decorators/index.js';
import { contractOf, UnknownKeys } from '../../../src/contracts/index.js';
import { problemsOf } from './problems-of.js';

describe('@Contract', () => {
  it('gives a DTO class its name, version and options', () => {
    @Contract('summary/v2', { unknownKeys: UnknownKeys.Refuse })
    class SummaryDto {
      @IsString() text!: string;
    }
    expect(contractOf(SummaryDto)).toMatchObject({ name: 'summary', version: 2, unknownKeys: 'refuse' });
    expect(contractOf(SummaryDto).check({ text: '', more: 1 })).toMatchObject({
      ok: false,
      issues: [{ path: 'more' }],
    });
  });

  it('is not inherited, and a subclass may have its own', () => {
    @Contract('summary/v1')
    class SummaryDto {
      @IsString() text!: string;
    }
    class Longer extends SummaryDto {}
    @Contract('longer/v1')
    class Named extends SummaryDto {}
    expect(contractOf(Longer)).toMatchObject({ name: 'Longer', version: null });
    expect(contractOf(Named)).toMatchObject({ name: 'longer', version: 1 });
    expect(contractOf(SummaryDto)).toMatchObject({ name: 'summary', version: 1, unknownKeys: 'strip' });
  });

  it('reports all that is wrong at once, as METADATA_OPTION_INVALID', () => {
    const problems = problemsOf(() => {
      @Contract('summary', { unknownKeys: 'drop', strict: true } as never)
      class SummaryDto {}
      return SummaryDto;
    });
    expect(problems.map(({ code, message, fix }) => [code, message, fix])).toEqual([
      ['METADATA_OPTION_INVALID', '@Contract on "SummaryDto" has no option "strict".', 'The options are unknownKeys.'],
      [
        'METADATA_OPTION_INVALID',
        '@Contract on "SummaryDto" has the name "summary".',
        'Write name/vN with N from 1, for example summary/v2.',
      ],
      [
        'METADATA_OPTION_INVALID',
        '@Contract on "SummaryDto" has unknownKeys "drop".',
        'Use one of strip, refuse, keep.',
      ],
    ]);
  });

  it('stands on a class, and once', () => {
    const twice = problemsOf(() => {
      @Contract('summary/v1')
      @Contract('summary/v2')
      class SummaryDto {}
      return SummaryDto;
    });
    expect(twice[0]?.message).toBe('@Contract on "SummaryDto" is applied twice.');
    const onText = problemsOf(() => Contract('summary/v1')('text' as never));
    expect(onText[0]?.message).toContain('does not stand on a class.');
  });
});
