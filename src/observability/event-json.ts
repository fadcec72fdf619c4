/** An event as JSON. What a stage emits may hold anything: what JSON cannot say must not lose the event. */
export function eventJson(event: object): string {
  try {
    return JSON.stringify(event, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  } catch {
    return JSON.stringify({ ...event, data: '[not encodable]' });
  }
}
