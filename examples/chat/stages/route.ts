import { DependsOn, Stage, type StageContext, StageKind } from 'stageflow';
import { GuardInput } from './guard-input.js';

const SMALL_TALK = /^(hi|hello|hey|good (morning|day|evening)|thanks|thank you|bye|goodbye)\b[^?]{0,40}$/i;

/** Where a message goes: nobody needs to search documents for a greeting. A model could decide it, a rule is enough here. */
@Stage({ kind: StageKind.Route })
@DependsOn(GuardInput)
export class Route {
  execute(ctx: StageContext<typeof GuardInput>) {
    const { text } = ctx.inputs.of(GuardInput);
    return { route: SMALL_TALK.test(text) ? ('small-talk' as const) : ('question' as const) };
  }
}
