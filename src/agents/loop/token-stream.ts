/**
 * Hands text on in whole words: a secret that the run knows is masked in every event, and must not slip through in two.
 */
export class TokenStream {
  readonly #send: (text: string) => void;
  #held = '';

  constructor(send: (text: string) => void) {
    this.#send = send;
  }

  push(text: string): void {
    this.#held += text;
    const end = this.#held.search(/\s\S*$/);
    if (end === -1) return;
    this.#send(this.#held.slice(0, end + 1));
    this.#held = this.#held.slice(end + 1);
  }

  end(): void {
    if (this.#held !== '') this.#send(this.#held);
    this.#held = '';
  }
}
