import { readFileSync } from 'node:fs';
import { defineConfig } from 'rolldown';

const { dependencies = {}, peerDependencies = {} } = JSON.parse(readFileSync('package.json', 'utf8'));
/** Small enough to come along: to find a package costs more than all of its code. */
const bundled = ['uuidv7'];
const external = [...Object.keys(dependencies), ...Object.keys(peerDependencies)].filter(
  (name) => !bundled.includes(name),
);

// Few files instead of one per module: loading is most of what an import costs.
export default defineConfig({
  input: {
    index: 'src/index.ts',
    core: 'src/core.ts',
    agents: 'src/agents/index.ts',
    'agents-ai-sdk': 'src/agents/ai-sdk/index.ts',
    approvals: 'src/approvals/index.ts',
    auth: 'src/auth/jwt/index.ts',
    decorators: 'decorators/index.ts',
    diff: 'src/diff/index.ts',
    journal: 'src/journal/index.ts',
    nestjs: 'src/nestjs/index.ts',
    observability: 'src/observability/index.ts',
    otel: 'src/observability/otel/index.ts',
    postgres: 'src/sql/postgres/index.ts',
    sqlite: 'src/sql/sqlite/index.ts',
    testing: 'src/testing/index.ts',
    'testing-vitest': 'src/testing/vitest.ts',
  },
  platform: 'node',
  external: (id) => id.startsWith('node:') || external.some((name) => id === name || id.startsWith(`${name}/`)),
  output: { dir: 'dist', format: 'esm', chunkFileNames: 'chunk-[hash].js', sourcemap: true },
});
