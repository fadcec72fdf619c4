import { title as withBuilder } from './builder.js';
import { title as withDecorators } from './decorators.js';

const text = '  the origin   of species ';

console.log(`decorators: ${await withDecorators(text)}`);
console.log(`builder:    ${await withBuilder(text)}`);
