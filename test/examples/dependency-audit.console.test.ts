import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../examples/dependency-audit/command-line.js';
import { renderTimeline } from '../../examples/support/timeline.js';

describe('renderTimeline', () => {
  it('draws what overlapped', () => {
    const text = renderTimeline(
      [
        { stage: 'A', startedAt: 1000, durationMs: 50 },
        { stage: 'B', startedAt: 1050, durationMs: 50 },
        { stage: 'C', startedAt: 1050, durationMs: 25 },
        { stage: 'Never', startedAt: null, durationMs: null },
      ],
      8,
    );
    expect(text.split('\n')).toEqual([
      'Timeline, 100 ms in all:',
      '  A  |████    | 50 ms',
      '  B  |    ████| 50 ms',
      '  C  |    ██  | 25 ms',
      '  At the same time: B, C.',
    ]);
  });

  it('has nothing to draw if nothing ran, and says so if nothing overlapped', () => {
    expect(renderTimeline([])).toBe('');
    expect(renderTimeline([{ stage: 'A', startedAt: 0, durationMs: 0 }])).toContain('Nothing overlapped.');
  });
});

describe('the command line', () => {
  it('leaves the rules to the module unless it is told something about them', () => {
    expect(parseCommandLine(['some/folder', '--out', 'o'])).toEqual({
      help: false,
      request: { folder: 'some/folder', out: 'o' },
      rules: null,
    });
    expect(parseCommandLine(['--deny', 'MIT, GPL-*']).rules).toEqual({ deny: ['MIT', 'GPL-*'], denyUnknown: false });
    expect(parseCommandLine(['--deny-unknown']).rules).toMatchObject({ denyUnknown: true });
  });

  it.each([
    [['--deny', 'GPLv3'], /no SPDX licence id/],
    [['--deny', ''], /no SPDX licence id/],
    [['--colour'], /--colour/],
    [['a', 'b'], /One folder at a time/],
  ])('refuses %j', (args, message) => {
    expect(() => parseCommandLine(args)).toThrow(message);
  });
});
