import { FixtureProject } from './fixture-project.js';

/** A project with a package of every odd kind: 12 in all, of which two are not installed and one is unreadable. */
export async function oddProject(): Promise<FixtureProject> {
  const project = await FixtureProject.create({ engines: { node: '>=20' } });
  await project.install('plain', { version: '2.0.0' });
  await project.install('node_modules/plain/node_modules/twin', { version: '1.0.0' });
  await project.install('twin', { version: '2.0.0', engines: { node: '>=99' } });
  await project.install('@scope/choice', { license: '(MIT OR GPL-3.0)' });
  await project.install('listed', { license: undefined, licenses: [{ type: 'MIT' }, { type: 'Apache-2.0' }] });
  await project.install('only-a-file', { license: undefined });
  await project.file('node_modules/only-a-file/LICENSE', 'Mozilla Public License Version 2.0');
  await project.install('silent', { license: undefined });
  await project.install('old', {}, { deprecated: 'use "plain" | really' });
  await project.install('broken', {}, { license: 'ISC' });
  await project.file('node_modules/broken/package.json', '{');
  project.lock('node_modules/gone', { version: '1.0.0', license: 'MIT' });
  project.lock('node_modules/elsewhere', { version: '1.0.0', license: 'MIT', optional: true });
  await project.file('packages/own/package.json', { name: 'own', version: '0.1.0', license: 'MIT' });
  project.lock('packages/own', { version: '0.1.0' }).lock('node_modules/own', { resolved: 'packages/own', link: true });
  await project.link('node_modules/own', project.at('packages/own'));
  return project.writeLockfile();
}
