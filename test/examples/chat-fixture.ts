import { afterEach } from 'vitest';
import { Chat, type ChatOptions } from '../../examples/chat/chat.js';
import { ChatModule } from '../../examples/chat/chat-module.js';
import { talk } from '../../examples/chat/talk.js';
import type { ModelProvider } from '../../src/agents/index.js';
import { AuthContext, type CustomProvider, Stageflow } from '../../src/index.js';
import type { ManualClock } from '../../src/testing/index.js';

const ann = AuthContext.verified({ userId: 'ann' });

/** Closed after each test, the last first. */
export const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

interface Setting extends Partial<ChatOptions> {
  readonly clock?: ManualClock;
  readonly overrides?: readonly CustomProvider[];
}

export async function chatWith(
  model: ModelProvider,
  { overrides = [], clock, ...options }: Setting = {},
): Promise<Chat> {
  const module = ChatModule.with(model);
  const app = await Stageflow.create(module, {
    ...{ trustedCallers: true, overrides },
    ...(clock === undefined ? {} : { clock }),
  });
  opened.push(() => app.close());
  return new Chat(app, module, { auth: ann, ...options });
}

/** Keeps what is shown. */
export function paper() {
  const written: string[] = [];
  return { write: (text: string) => void written.push(text), text: () => written.join('') };
}

export const say = (chat: Chat, question: string) => talk(chat, question, paper());
export const SHIPPING = 'How long does shipping to Portugal take?';
