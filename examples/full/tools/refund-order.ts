import { RequireScopes, Tool, type ToolContext } from 'stageflow';
import { z } from 'zod';
import { ShopDatabase } from '../services/shop-database.js';

const Refund = z.object({ orderId: z.string(), cents: z.number().int().positive() });

/** Money does not come back: somebody has to say yes. */
// #region tool
@RequireScopes('refunds:write')
@Tool({
  name: 'refund_order',
  description: 'Refunds an order, in whole or in part, in cents. A supervisor has to agree.',
  input: Refund,
  output: z.object({ refunded: z.number() }),
  effect: 'irreversible',
  approval: 'required',
  exclusive: 'order:{orderId}',
  timeoutMs: 10_000,
})
export class RefundOrder {
  // #endregion
  constructor(private readonly shop: ShopDatabase) {}

  async execute({ orderId, cents }: z.infer<typeof Refund>, ctx: ToolContext) {
    const order = await this.shop.order(orderId);
    if (order === null) throw new Error(`There is no order ${orderId}.`);
    ctx.org.assertOwns(order, `order ${orderId}`);
    if (cents > order.cents - order.refundedCents) throw new Error('That is more than was paid.');
    await this.shop.refund(orderId, cents, ctx.idempotencyKey);
    return { refunded: cents };
  }
}
