import { EventEmitter } from 'node:events';

/**
 * Whether a class instance is one of the program's own that holds data. Built-in classes name themselves by a tag or are
 * known to `Object.prototype.toString`; Node's streams, sockets and servers are emitters. Runs no getter.
 */
export function isDataInstance(value: object): boolean {
  if (Symbol.toStringTag in value || value instanceof EventEmitter) return false;
  return Object.prototype.toString.call(value) === '[object Object]';
}
