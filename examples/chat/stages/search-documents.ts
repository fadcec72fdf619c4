import { DependsOn, Stage, type StageContext, StageKind, When } from 'stageflow';
import { Documents } from '../services/documents.js';
import { GuardInput } from './guard-input.js';
import { Route } from './route.js';

@Stage({ kind: StageKind.Enrich })
@DependsOn(GuardInput)
@When(Route, ({ route }) => route === 'question')
export class SearchDocuments {
  constructor(private readonly documents: Documents) {}

  async execute(ctx: StageContext<typeof GuardInput>) {
    const { text } = ctx.inputs.of(GuardInput);
    return { passages: await this.documents.search(text, ctx.signal) };
  }
}
