import { echo as withBuilder } from './builder.js';
import { echo as withDecorators } from './decorators.js';

console.log(`decorators: ${await withDecorators('hello')}`);
console.log(`builder:    ${await withBuilder('hello')}`);
