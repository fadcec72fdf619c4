import { readFileSync } from 'node:fs';
import { defineConfig, rolldown } from 'rolldown';

const { dependencies = {}, peerDependencies = {} } = JSON.parse(readFileSync('package.json', 'utf8'));
/** Small enough to come along: to find a package costs more than all of its code. */
const bundled = ['uuidv7'];
const external = [...Object.keys(dependencies), ...Object.keys(peerDependencies)].filter(
  (name) => !bundled.includes(name),
);

const input = {
  index: 'src/index.ts',
  core: 'src/core.ts',
  agents: 'src/agents/index.ts',
  'agents-ai-sdk': 'src/agents/ai-sdk/index.ts',
  approvals: 'src/approvals/index.ts',
  auth: 'src/auth/jwt/index.ts',
  cli: 'src/cli/main.ts',
  config: 'src/cli/config/index.ts',
  decorators: 'decorators/index.ts',
  diff: 'src/diff/index.ts',
  journal: 'src/journal/index.ts',
  mcp: 'src/mcp/index.ts',
  nestjs: 'src/nestjs/index.ts',
  observability: 'src/observability/index.ts',
  otel: 'src/observability/otel/index.ts',
  postgres: 'src/sql/postgres/index.ts',
  sqlite: 'src/sql/sqlite/index.ts',
  testing: 'src/testing/index.ts',
  'testing-vitest': 'src/testing/vitest.ts',
};

const platform = 'node';
const isExternal = (id) => id.startsWith('node:') || external.some((name) => id === name || id.startsWith(`${name}/`));

/** The modules that are left in an entry once it has been shaken. */
async function modulesOf(entry) {
  const bundle = await rolldown({ input: entry, platform, external: isExternal });
  const { output } = await bundle.generate({ format: 'esm' });
  await bundle.close();
  return output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
}

// Few files instead of one per module, or per set of entries that share some: loading is most of what an import costs.
const ofCore = new Set(await modulesOf(input.core));
const small = await Promise.all([input.sqlite, input.postgres, input.diff].map(modulesOf));
const ofSmallEntries = new Set(small.flat());
const groups = [
  { name: 'base', test: (id) => ofCore.has(id) && ofSmallEntries.has(id), priority: 2 },
  { name: 'engine', test: (id) => ofCore.has(id), priority: 1 },
];

export default defineConfig({
  input,
  platform,
  external: isExternal,
  output: {
    dir: 'dist',
    format: 'esm',
    chunkFileNames: 'chunk-[name]-[hash].js',
    codeSplitting: { groups, includeDependenciesRecursively: false },
    sourcemap: true,
  },
});
