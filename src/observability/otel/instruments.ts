import type { Meter } from '@opentelemetry/api';

/** Everything that is measured, by its name on the meter. Durations are in seconds, as the conventions want them. */
export function instrumentsOf(meter: Meter) {
  const seconds = (name: string, description: string) =>
    meter.createHistogram(name, { unit: 's', description, advice: { explicitBucketBoundaries: [...BOUNDARIES] } });
  return {
    runs: seconds('stageflow.run.duration', 'How long runs take, by pipeline and outcome.'),
    stages: seconds('stageflow.stage.duration', 'How long stages take, attempts and waits between them included.'),
    tools: seconds('stageflow.tool.duration', 'How long tool calls take.'),
    outcomes: meter.createCounter('stageflow.stage.outcomes', {
      unit: '{stage}',
      description: 'How stages end, those that were never called included.',
    }),
    retries: meter.createCounter('stageflow.stage.retries', {
      unit: '{attempt}',
      description: 'Attempts that failed and are made again.',
    }),
    inFlight: meter.createObservableUpDownCounter('stageflow.stage.in_flight', {
      unit: '{stage}',
      description: 'Stages that run.',
    }),
    waiting: meter.createObservableUpDownCounter('stageflow.stage.waiting', {
      unit: '{stage}',
      description: 'Stages that are ready and wait for a place.',
    }),
    breakers: meter.createGauge('stageflow.circuit_breaker.open', {
      description: '1 while the circuit breaker around a stage is open, else 0.',
    }),
    tokens: meter.createCounter('stageflow.model.tokens', {
      unit: '{token}',
      description: 'Tokens that models were given and gave.',
    }),
  };
}

export type Instruments = ReturnType<typeof instrumentsOf>;

/** From a millisecond, which is long for a stage that only computes, to two minutes. */
const BOUNDARIES = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120] as const;
