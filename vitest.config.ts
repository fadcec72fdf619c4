import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Node itself is told of these, too: with `import` among them, `require` would find modules that it was not meant to.
  resolve: { conditions: ['stageflow-source', 'node'] },
  ssr: { resolve: { conditions: ['stageflow-source', 'node'] } },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['node_modules/**', 'dist/**', 'test/bench/node_modules/**'],
    testTimeout: 20_000,
  },
});
