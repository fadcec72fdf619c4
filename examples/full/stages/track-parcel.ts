import { DependsOn, Retry, Stage, type StageContext, StageKind, Timeout } from 'stageflow';
import { Carrier } from '../services/carrier.js';
import { FindOrder } from './find-order.js';

@Stage({ kind: StageKind.Enrich })
@DependsOn(FindOrder)
@Retry({ attempts: 3, delayMs: 50 }) // the carrier is busy now and then
@Timeout(2_000)
export class TrackParcel {
  constructor(private readonly carrier: Carrier) {}

  async execute(ctx: StageContext<typeof FindOrder>) {
    const { order } = ctx.inputs.of(FindOrder);
    return { report: order === null ? null : await this.carrier.track(order.parcel) };
  }
}
