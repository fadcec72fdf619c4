/** No event of a model is nearly as long, in characters: whoever sends more sends something else. */
const LONGEST_EVENT = 8 * 1024 * 1024;

/** The `data` of each event in a body of server-sent events, however its bytes are cut. @throws RangeError if one is too long */
export async function* serverSentEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let data: string[] = [];
  let length = 0;
  for await (const line of linesOf(body)) {
    if (line === '') {
      if (data.length > 0) yield data.join('\n');
      data = [];
      length = 0;
    } else if (line.startsWith('data:')) {
      const value = line.slice(line[5] === ' ' ? 6 : 5);
      length += value.length;
      if (length > LONGEST_EVENT) throw tooLong();
      data.push(value);
    }
  }
  // A last event without its empty line is one all the same: servers forget it.
  if (data.length > 0) yield data.join('\n');
}

/** Lines end with LF, CR LF, or, where the next byte is not yet known, a CR that may be the first half of one. */
async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of body) {
    rest += decoder.decode(bytes, { stream: true });
    if (rest.length > LONGEST_EVENT) throw tooLong();
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest.replace(/\r$/, '');
}

function tooLong(): RangeError {
  return new RangeError('An event is too long.');
}
