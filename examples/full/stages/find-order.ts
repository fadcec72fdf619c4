import { DependsOn, Stage, type StageContext, StageKind, When } from 'stageflow';
import { ShopDatabase } from '../services/shop-database.js';
import { Classify } from './classify.js';
import { ReadMail } from './read-mail.js';

@Stage({ kind: StageKind.Enrich })
@When(Classify, ({ topic }) => topic !== 'spam')
@DependsOn(ReadMail)
export class FindOrder {
  constructor(private readonly shop: ShopDatabase) {}

  async execute(ctx: StageContext<typeof ReadMail>) {
    const { orderId } = ctx.inputs.of(ReadMail);
    const order = orderId === null ? null : await this.shop.order(orderId);
    if (order !== null) ctx.org.assertOwns(order, `order ${order.id}`); // before anybody sees it
    return { order };
  }
}
