/* What a configuration of the command line may hold. */
import { defineConfig } from 'stageflow/config';
import { Journal, MemoryJournalStore } from 'stageflow/journal';

const journal = new Journal({ store: new MemoryJournalStore() });

defineConfig({});
defineConfig({ journal, app: { graceMs: 1_000 }, close: () => {} });
defineConfig({ journal: () => journal, app: async () => ({ maxDepth: 2 }) });

// @ts-expect-error there is no such key
defineConfig({ jurnal: journal });
// @ts-expect-error a store is no journal
defineConfig({ journal: new MemoryJournalStore() });
// @ts-expect-error no option of an application
defineConfig({ app: { grace: 1 } });
// @ts-expect-error a function that gives something else
defineConfig({ journal: () => 1 });
