import type { Chat, Turn } from './chat.js';

/** Where the conversation is shown; `process.stdout` is one. */
export interface Paper {
  write(text: string): unknown;
}

/** One turn, shown as it comes. */
export async function talk(chat: Chat, question: string, paper: Paper, signal?: AbortSignal): Promise<Turn> {
  paper.write(`\nYou:  ${question}\nShop: `);
  let isMidLine = false;
  const show = (text: string): void => {
    isMidLine = true;
    paper.write(text);
  };
  const turn = await chat.say(question, { token: show, restart: () => show('… once more:\n      ') }, signal);
  if (turn.status === 'answered') paper.write('\n');
  else paper.write(`${isMidLine ? '\n      ' : ''}(${turn.status}: ${turn.reason})\n`);
  return turn;
}
