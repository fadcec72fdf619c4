/** One message of a stream of server-sent events. */
export interface ServerEvent {
  readonly id: string;
  readonly type: string;
  /** As `JSON.parse` gives it. */
  readonly data: any;
}

/** Takes a stream of server-sent events apart. */
export async function* serverEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const messages = text.split('\n\n');
    text = messages.pop() ?? '';
    for (const message of messages) {
      const event = readMessage(message);
      if (event !== null) yield event;
    }
  }
}

function readMessage(message: string): ServerEvent | null {
  const fields = new Map<string, string>();
  for (const line of message.split('\n')) {
    const [, name, value] = /^([a-z]+): ?(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) fields.set(name, value);
  }
  const [id, type, data] = [fields.get('id'), fields.get('event'), fields.get('data')];
  if (id === undefined || type === undefined || data === undefined) return null;
  return { id, type, data: JSON.parse(data) };
}
