/**
 * Hands text on in whole words: a secret that the run knows is masked in every event, and must not slip through in two. As
 * long as nothing may pass, all of it is held.
 */
export class TokenStream {
  readonly #send: (text: string) => void;
  readonly #mayPass: () => boolean;
  #held = '';

  constructor(send: (text: string) => void, mayPass: () => boolean) {
    this.#send = send;
    this.#mayPass = mayPass;
  }

  push(text: string): void {
    // Looks at what is new alone: what is held may be long, and without a gap.
    const whole = text.search(/\s\S*$/) + 1;
    if (whole === 0 || !this.#mayPass()) {
      this.#held += text;
      return;
    }
    this.#send(this.#held + text.slice(0, whole));
    this.#held = text.slice(whole);
  }

  end(): void {
    if (this.#held !== '') this.#send(this.#held);
    this.#held = '';
  }
}
