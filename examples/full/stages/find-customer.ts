import { DependsOn, Stage, type StageContext, StageKind, When } from 'stageflow';
import { ShopDatabase } from '../services/shop-database.js';
import { Classify } from './classify.js';
import { ReadMail } from './read-mail.js';

@Stage({ kind: StageKind.Enrich })
@When(Classify, ({ topic }) => topic !== 'spam')
@DependsOn(ReadMail)
export class FindCustomer {
  constructor(private readonly shop: ShopDatabase) {}

  async execute(ctx: StageContext<typeof ReadMail>) {
    return { customer: await this.shop.customerOf(ctx.inputs.of(ReadMail).from, ctx.org.orgId ?? '') };
  }
}
