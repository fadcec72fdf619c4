export interface ParcelReport {
  readonly status: 'delivered' | 'under way' | 'lost';
  readonly damaged: boolean;
}

/** The service of another company, over HTTP. */
export class Carrier {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async track(parcel: string): Promise<ParcelReport> {
    const response = await fetch(`${this.#url}/parcels/${encodeURIComponent(parcel)}`);
    if (response.ok) return (await response.json()) as ParcelReport;
    // With a status, retries know whether it can help to ask again.
    throw Object.assign(new Error(`The carrier answered ${response.status}.`), { status: response.status });
  }
}
