import { type EventSink, Pipeline } from 'stageflow';
import { TravelServices } from './travel-services.js';

const services = new TravelServices();

// Nothing below says "parallel": three stages need only Destination, so they start together when it is done.
const pipeline = new Pipeline('trip')
  .withStage('Destination', (ctx) => ({ city: ctx.snapshot.inputText ?? 'Lisbon' }))
  .withStage('Flight', (ctx) => services.flight(ctx.inputs.from('Destination').city), { dependsOn: ['Destination'] })
  .withStage('Hotel', (ctx) => services.hotel(ctx.inputs.from('Destination').city), { dependsOn: ['Destination'] })
  .withStage('Weather', () => services.weather(), { dependsOn: ['Destination'] })
  .withStage(
    'Trip',
    (ctx) => {
      const { flight } = ctx.inputs.from('Flight');
      const { hotel } = ctx.inputs.from('Hotel');
      const { weather } = ctx.inputs.from('Weather');
      return { plan: `${flight}, ${hotel}, ${weather}` };
    },
    { dependsOn: ['Flight', 'Hotel', 'Weather'] },
  );

export async function planTrip(city: string, sink: EventSink): Promise<string> {
  const results = await pipeline.build().run({ inputText: city }, { sinks: [sink] });
  return results.of('Trip').plan;
}
