import { CallbackSink } from 'stageflow';
import { planTrip as withBuilder } from './builder.js';
import { planTrip as withDecorators } from './decorators.js';

const steps = new CallbackSink((event) => {
  if (event.type === 'stage.started') console.log(`  ${event.stage} starts`);
  if (event.type === 'stage.completed') console.log(`  ${event.stage} is done`);
});

console.log('decorators:');
console.log(await withDecorators('Lisbon', steps));
console.log('builder:');
console.log(await withBuilder('Lisbon', steps));
