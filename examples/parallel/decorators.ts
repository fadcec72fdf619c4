import { DependsOn, type EventSink, PipelineModule, Stage, type StageContext, Stageflow } from 'stageflow';
import { TravelServices } from './travel-services.js';

@Stage()
class Destination {
  execute(ctx: StageContext) {
    return { city: ctx.snapshot.inputText ?? 'Lisbon' };
  }
}

// Nothing below says "parallel": these three need only Destination, so they start together when it is done.

@Stage()
@DependsOn(Destination)
class Flight {
  constructor(private readonly services: TravelServices) {}

  execute(ctx: StageContext<typeof Destination>) {
    return this.services.flight(ctx.inputs.of(Destination).city);
  }
}

@Stage()
@DependsOn(Destination)
class Hotel {
  constructor(private readonly services: TravelServices) {}

  execute(ctx: StageContext<typeof Destination>) {
    return this.services.hotel(ctx.inputs.of(Destination).city);
  }
}

@Stage()
@DependsOn(Destination)
class Weather {
  constructor(private readonly services: TravelServices) {}

  execute() {
    return this.services.weather();
  }
}

@Stage()
@DependsOn(Flight, Hotel, Weather)
class Trip {
  execute(ctx: StageContext<typeof Flight | typeof Hotel | typeof Weather>) {
    const { flight } = ctx.inputs.of(Flight);
    const { hotel } = ctx.inputs.of(Hotel);
    const { weather } = ctx.inputs.of(Weather);
    return { plan: `${flight}, ${hotel}, ${weather}` };
  }
}

@PipelineModule({ stages: [Destination, Flight, Hotel, Weather, Trip], providers: [TravelServices] })
class TripPipeline {}

export async function planTrip(city: string, sink: EventSink): Promise<string> {
  await using app = await Stageflow.create(TripPipeline, { sinks: [sink] });
  const results = await app.run(TripPipeline, { inputText: city });
  return results.of(Trip).plan;
}
