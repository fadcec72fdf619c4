import { describe, expect, it } from 'vitest';
import { FileSystem } from '../../examples/dependency-audit/services/file-system.js';
import { type DetectedLicence, LicenceDetector } from '../../examples/dependency-audit/services/licence-detector.js';
import { LicencePolicy } from '../../examples/dependency-audit/services/licence-policy.js';
import { isLicenceFile, recogniseLicence } from '../../examples/dependency-audit/services/licence-text.js';
import { auditedPackage } from './audited-package.js';
import { FixtureProject } from './fixture-project.js';

describe('LicenceDetector', () => {
  const detector = new LicenceDetector(new FileSystem());
  const MIT_TEXT = 'Permission is hereby granted, free of charge, to any\nperson obtaining a copy of this software';

  it.each([
    ['an id', { license: 'MIT' }, 'MIT'],
    ['an expression', { license: '(MIT OR GPL-3.0)' }, '(MIT OR GPL-3.0)'],
    ['an object', { license: { type: 'ISC', url: 'x' } }, 'ISC'],
    ['an array of objects', { licenses: [{ type: 'MIT' }, { type: 'Apache-2.0' }] }, '(MIT OR Apache-2.0)'],
    ['an array of strings', { licenses: ['MIT', 'GPL-2.0'] }, '(MIT OR GPL-2.0)'],
    ['an array in the singular', { license: ['MIT'] }, 'MIT'],
    ['no licence on purpose', { license: 'UNLICENSED' }, 'UNLICENSED'],
  ])('reads %s', async (_case, declared, expression) => {
    expect(await detector.detect(auditedPackage(declared))).toMatchObject({ expression, source: 'package.json' });
  });

  it.each([
    ['nothing', {}, null],
    ['free text', { license: 'do what you like' }, 'do what you like'],
    ['a number', { license: 7 }, null],
    ['an empty array', { licenses: [] }, null],
  ])('knows that it does not know, given %s', async (_case, declared, text) => {
    const found = await detector.detect(auditedPackage({ ...declared, folder: null }));
    expect(found).toMatchObject({ expression: null, declared: text, source: null });
  });

  it('reads the licence file where package.json has none, or has something else than SPDX', async () => {
    await using project = await FixtureProject.create();
    await project.file('LICENCE.md', `# MIT\n\n${MIT_TEXT}`);
    for (const license of [undefined, 'see below']) {
      const found = await detector.detect(auditedPackage({ folder: project.folder, license }));
      expect(found).toMatchObject({ expression: 'MIT', source: 'LICENCE.md', declared: license ?? null });
    }
  });

  it('reads the file that package.json points to', async () => {
    await using project = await FixtureProject.create();
    await project.file('EULA.txt', MIT_TEXT);
    const found = await detector.detect(auditedPackage({ folder: project.folder, license: 'SEE LICENSE IN EULA.txt' }));
    expect(found).toMatchObject({ expression: 'MIT', source: 'EULA.txt' });
  });

  it('takes two licence texts as holding both', async () => {
    await using project = await FixtureProject.create();
    await project.file('LICENSE-MIT', MIT_TEXT);
    await project.file('COPYING', 'GNU GENERAL PUBLIC LICENSE\n   Version 3, 29 June 2007');
    expect(await detector.detect(auditedPackage({ folder: project.folder }))).toMatchObject({
      expression: 'GPL-3.0-only AND MIT',
      source: 'COPYING, LICENSE-MIT',
    });
  });
});

describe('licence texts', () => {
  it.each([
    ['GNU AFFERO GENERAL PUBLIC LICENSE Version 3', 'AGPL-3.0-only'],
    ['GNU LESSER GENERAL PUBLIC LICENSE Version 2.1', 'LGPL-2.1-only'],
    ['GNU GENERAL PUBLIC LICENSE\n  Version 2, June 1991', 'GPL-2.0-only'],
    ['Apache License\n  Version 2.0, January 2004', 'Apache-2.0'],
    ['Mozilla Public License Version 2.0', 'MPL-2.0'],
    ['Redistribution and use in source and binary forms … Neither the name of X', 'BSD-3-Clause'],
    ['Redistribution and use in source and binary forms', 'BSD-2-Clause'],
    ['Permission to use, copy, modify, and/or distribute this software … provided that the above copyright', 'ISC'],
    ['Permission to use, copy, modify, and/or distribute this software for any purpose', '0BSD'],
    ['All rights reserved.', null],
  ])('recognises %j', (text, id) => {
    expect(recogniseLicence(text)).toBe(id);
  });

  it('knows which files hold them', () => {
    const names = [
      'LICENSE',
      'licence.txt',
      'LICENSE-MIT',
      'COPYING',
      'UNLICENSE',
      'licenses.js',
      'license',
      'relicense',
    ];
    expect(names.filter(isLicenceFile)).toEqual([
      'LICENSE',
      'licence.txt',
      'LICENSE-MIT',
      'COPYING',
      'UNLICENSE',
      'license',
    ]);
  });
});

describe('LicencePolicy', () => {
  const licence = (expression: string | null): DetectedLicence => ({
    package: 'a@1.0.0',
    location: 'node_modules/a',
    expression,
    declared: null,
    source: 'package.json',
  });

  it.each([
    ['GPL-3.0', 'GPL-3.0-only', true],
    ['GPL-3.0', 'GPL-3.0-or-later', true],
    ['GPL-3.0', 'GPL-3.0+', true],
    ['GPL-3.0', 'LGPL-3.0-only', false],
    ['GPL-3.0-only', 'GPL-3.0-or-later', false],
    ['GPL-*', 'GPL-2.0-only WITH Classpath-exception-2.0', true],
    ['GPL-3.0', '(MIT OR GPL-3.0)', false],
    ['GPL-3.0', '(MIT AND GPL-3.0)', true],
    ['GPL-*', '(GPL-2.0 OR GPL-3.0)', true],
    ['GPL-*', '(MIT OR (ISC AND GPL-3.0))', false],
    ['UNLICENSED', 'UNLICENSED', true],
    ['MIT', 'UNLICENSED', false],
    ['MIT', null, false],
  ])('with %s denied, whether %s is denied: %s', (deny, expression, denied) => {
    const policy = new LicencePolicy({ deny: [deny] });
    expect(policy.denyingRule(licence(expression))).toBe(denied ? deny : null);
  });

  it('denies what is not known only if told to', () => {
    expect(new LicencePolicy({ deny: [], denyUnknown: true }).denyingRule(licence(null))).toBe('unknown');
    expect(new LicencePolicy({ deny: [] }).denyingRule(licence(null))).toBeNull();
  });

  it('refuses a rule that could never match', () => {
    expect(() => new LicencePolicy({ deny: ['MIT', 'GPLv3', 'MIT OR ISC'] })).toThrow(/"GPLv3", "MIT OR ISC"/);
  });
});
