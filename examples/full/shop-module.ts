import { PipelineModule, type StageflowOptions, token } from 'stageflow';
import { ModelProvider } from 'stageflow/agents';
import { recorded } from 'stageflow/journal';
import type { SqlDatabase } from 'stageflow/sqlite';
import { Carrier } from './services/carrier.js';
import { Handbook } from './services/handbook.js';
import { Outbox } from './services/outbox.js';
import { ShopDatabase } from './services/shop-database.js';

/** What differs from one deployment to the next. */
export interface Settings {
  readonly database: SqlDatabase;
  readonly handbookFolder: string;
  readonly outboxFolder: string;
  readonly carrierUrl: string;
  readonly model: ModelProvider;
}

export const SETTINGS = token<Settings>('SETTINGS');

async function openShop({ database }: Settings): Promise<ShopDatabase> {
  const shop = new ShopDatabase(database);
  await shop.open();
  return shop;
}

/** Its settings have to be given: `overrides: settings({ … })`. What answers from outside is recorded, for replays. */
@PipelineModule({
  providers: [
    {
      provide: SETTINGS,
      useFactory: () => {
        throw new Error('The shop has no settings: give overrides: settings({ … }).');
      },
    },
    {
      provide: ShopDatabase,
      useFactory: async (given: Settings) => recorded('ShopDatabase', await openShop(given)),
      inject: [SETTINGS],
    },
    {
      provide: Carrier,
      useFactory: ({ carrierUrl }: Settings) => recorded('Carrier', new Carrier(carrierUrl)),
      inject: [SETTINGS],
    },
    {
      provide: Handbook,
      useFactory: ({ handbookFolder }: Settings) => recorded('Handbook', new Handbook(handbookFolder)),
      inject: [SETTINGS],
    },
    { provide: Outbox, useFactory: ({ outboxFolder }: Settings) => new Outbox(outboxFolder), inject: [SETTINGS] },
    { provide: ModelProvider, useFactory: ({ model }: Settings) => model, inject: [SETTINGS] },
  ],
  exports: [ShopDatabase, Carrier, Handbook, Outbox, ModelProvider],
})
export class ShopModule {}

export const settings = (given: Settings): NonNullable<StageflowOptions['overrides']> => [
  { provide: SETTINGS, useValue: given },
];
