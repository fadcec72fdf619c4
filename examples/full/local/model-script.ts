/* What the local server says in place of a model. It reads what tools have answered, as a model would. */
import type { ModelRequest } from 'stageflow/agents';
import { ScriptedModel } from 'stageflow/testing';

export function modelScript(): ScriptedModel {
  return new ScriptedModel(
    [
      {
        text: 'The carrier reported damage, so a refund is due. ',
        calls: [
          {
            tool: 'write_note',
            input: { orderId: 'A-17', text: 'Arrived broken, the carrier knows. Refund asked for.' },
          },
          { tool: 'refund_order', input: { orderId: 'A-17', cents: 3900 } },
        ],
      },
      (request) => JSON.stringify(wasRefunded(request) ? REFUNDED : REFUSED),
    ],
    { model: 'local-script' },
  );
}

const REFUNDED = {
  reply: 'Dear Mia, we are sorry about the kettle. We have refunded 39.00 €; you need not send it back.',
  refundedCents: 3900,
};
const REFUSED = {
  reply: 'Dear Mia, we are sorry about the kettle. A colleague will call you about it.',
  refundedCents: 0,
};

function wasRefunded({ messages }: ModelRequest): boolean {
  return messages.some((message) => message.role === 'tool' && message.text.includes('"refunded":3900'));
}
