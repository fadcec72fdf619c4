/* A pipeline of its own: it finds pages of the handbook, for whoever asks. */
import { DependsOn, PipelineModule, Stage, type StageContext } from 'stageflow';
import { Handbook } from './services/handbook.js';
import { ShopModule } from './shop-module.js';

const words = (text: string): ReadonlySet<string> => new Set(text.toLowerCase().match(/[a-z]{4,}/g));

@Stage()
export class LoadPages {
  constructor(private readonly handbook: Handbook) {}

  async execute() {
    return { pages: await this.handbook.pages() };
  }
}

@Stage()
@DependsOn(LoadPages)
export class RankPages {
  execute(ctx: StageContext<typeof LoadPages>) {
    const wanted = words(ctx.snapshot.inputText ?? '');
    const ranked = ctx.inputs
      .of(LoadPages)
      .pages.map((page) => ({ page, score: [...words(page.text)].filter((word) => wanted.has(word)).length }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score);
    return { pages: ranked.slice(0, 2).map(({ page }) => page) };
  }
}

@PipelineModule({ name: 'handbook', imports: [ShopModule], stages: [LoadPages, RankPages] })
export class HandbookPipeline {}
