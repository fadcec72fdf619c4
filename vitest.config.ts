import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['stageflow-source', 'node', 'import', 'module', 'default'] },
  ssr: { resolve: { conditions: ['stageflow-source', 'node', 'import', 'module', 'default'] } },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['node_modules/**', 'dist/**', 'test/bench/node_modules/**'],
    testTimeout: 20_000,
  },
});
