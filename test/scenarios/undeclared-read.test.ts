import { DependsOn, PipelineModule, Stage, type StageContext, Stageflow } from 'stageflow';
import { expect, it } from 'vitest';

@Stage()
class Price {
  execute() {
    return { price: 3 };
  }
}
@Stage()
class Tax {
  execute() {
    return { tax: 1 };
  }
}

@Stage()
@DependsOn(Price)
class Total {
  // Without an argument StageContext is checked at run time only; with one this would not compile.
  execute(ctx: StageContext) {
    return { total: ctx.inputs.of(Price).price + ctx.inputs.of(Tax).tax };
  }
}

@PipelineModule({ stages: [Price, Tax, Total] })
class Bill {}

it('reading a stage that is not declared fails, even if it happens to be done, and says what to do (059)', async () => {
  await using app = await Stageflow.create(Bill);
  const error = await app.run(Bill).catch((caught) => caught);
  expect(error.cause).toMatchObject({
    code: 'INPUT_UNDECLARED',
    details: { reader: 'Total', target: 'Tax', declared: ['Price'] },
  });
  expect(error.message).toContain('Add Tax to its dependencies');
});
