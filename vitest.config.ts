import { defineConfig } from 'vitest/config';
import { NEST_11 } from './test/nest11/nest-11.js';

export default defineConfig({
  // Node itself is told of these, too: with `import` among them, `require` would find modules that it was not meant to.
  resolve: { conditions: ['stageflow-source', 'node'] },
  ssr: { resolve: { conditions: ['stageflow-source', 'node'] } },
  test: {
    exclude: ['**/node_modules/**', 'dist/**'],
    // Generous: no test waits for time to pass, but a busy machine takes long to start a database or a process.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: 'stageflow', include: ['test/**/*.test.ts'], exclude: ['test/nest11/**'] } },
      {
        extends: true,
        resolve: { alias: NEST_11 },
        test: {
          name: 'nest-11',
          isolate: false, // what they load takes longer than what they do
          include: [
            'test/nest11/*.test.ts',
            'test/scenarios/nestjs/*.test.ts',
            'test/examples/nestjs-app.http.test.ts',
          ],
          exclude: ['test/scenarios/nestjs/many-callers.test.ts'],
        },
      },
    ],
  },
});
