// Imports one entry point and prints what importing it did, as JSON. Run in a process of its own.
const touched = [];
const { setImmediate: turn } = globalThis;
for (const name of ['setTimeout', 'setInterval', 'setImmediate']) {
  const original = globalThis[name];
  globalThis[name] = (...values) => {
    touched.push(`calls ${name}()`);
    return original(...values);
  };
}
const globalsBefore = new Set(Object.getOwnPropertyNames(globalThis));
const listeners = () => process.eventNames().map((event) => `${String(event)} x${process.listenerCount(event)}`);
const listenersBefore = new Set(listeners());
const resourcesBefore = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout' || kind === 'Immediate');

await import(process.argv[2]);
await new Promise((resolve) => turn(resolve));

for (const name of Object.getOwnPropertyNames(globalThis)) {
  if (!globalsBefore.has(name)) touched.push(`defines the global ${name}`);
}
for (const listener of listeners()) if (!listenersBefore.has(listener)) touched.push(`listens to process: ${listener}`);
const resources = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout' || kind === 'Immediate');
if (resources.length > resourcesBefore.length) touched.push(`leaves active: ${resources.join(', ')}`);
// A timer that is left behind would keep the process alive.
process.send(touched, () => process.exit());
