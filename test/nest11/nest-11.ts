import path from 'node:path';

const folder = path.join(import.meta.dirname, 'node_modules/@nestjs');

/** Leads everything that asks for Nest to the line before the current one, which is installed in this folder. */
export const NEST_11 = [{ find: /^@nestjs\/([\w-]+)$/, replacement: path.join(folder, '$1') }];
