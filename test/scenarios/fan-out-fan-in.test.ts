import { DependsOn, MemorySink, Pipeline, PipelineModule, Stage, type StageContext, Stageflow } from 'stageflow';
import { Gate } from 'stageflow/testing';
import { expect, it } from 'vitest';

// Two stages that wait for each other: this only ends if they run at the same time.
const flightAsked = new Gate();
const hotelAsked = new Gate();

@Stage()
class Destination {
  execute() {
    return { city: 'Lisbon' };
  }
}

@Stage()
@DependsOn(Destination)
class Flight {
  async execute(ctx: StageContext<typeof Destination>) {
    flightAsked.open();
    await hotelAsked.passed;
    return { flight: `to ${ctx.inputs.of(Destination).city}` };
  }
}

@Stage()
@DependsOn(Destination)
class Hotel {
  async execute(ctx: StageContext<typeof Destination>) {
    hotelAsked.open();
    await flightAsked.passed;
    return { hotel: `in ${ctx.inputs.of(Destination).city}` };
  }
}

@Stage()
@DependsOn(Flight, Hotel)
class Trip {
  execute(ctx: StageContext<typeof Flight | typeof Hotel>) {
    return { plan: `${ctx.inputs.of(Flight).flight}, ${ctx.inputs.of(Hotel).hotel}` };
  }
}

@PipelineModule({ stages: [Destination, Flight, Hotel, Trip] })
class TripPipeline {}

it('independent stages run at the same time, and their join once (001)', async () => {
  const sink = new MemorySink();
  await using app = await Stageflow.create(TripPipeline, { sinks: [sink] });
  const results = await app.run(TripPipeline);
  expect(results.of(Trip).plan).toBe('to Lisbon, in Lisbon');
  expect(sink.ofType('stage.started').map(({ stage }) => stage)).toEqual(['Destination', 'Flight', 'Hotel', 'Trip']);
});

it('the same with the builder: nobody writes Promise.all (001)', async () => {
  const [left, right] = [new Gate(), new Gate()];
  const results = await new Pipeline('trip')
    .withStage('flight', async () => {
      left.open();
      await right.passed;
      return { flight: 'TP 123' };
    })
    .withStage('hotel', async () => {
      right.open();
      await left.passed;
      return { hotel: 'Ritz' };
    })
    .withStage('trip', ({ inputs }) => ({ plan: `${inputs.from('flight').flight}, ${inputs.from('hotel').hotel}` }), {
      dependsOn: ['flight', 'hotel'],
    })
    .run();
  expect(results.of('trip').plan).toBe('TP 123, Ritz');
});
