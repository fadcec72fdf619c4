import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Node itself is told of these, too: with `import` among them, `require` would find modules that it was not meant to.
  resolve: { conditions: ['stageflow-source', 'node'] },
  ssr: { resolve: { conditions: ['stageflow-source', 'node'] } },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['node_modules/**', 'dist/**', 'test/bench/node_modules/**'],
    // Generous: no test waits for time to pass, but a busy machine takes long to start a database or a process.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
