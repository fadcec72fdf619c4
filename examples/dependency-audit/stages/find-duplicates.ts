import { DependsOn, Stage, type StageContext } from 'stageflow';
import { DuplicateFinder } from '../services/duplicate-finder.js';
import { Discover } from './discover.js';

@Stage()
@DependsOn(Discover)
export class FindDuplicates {
  constructor(private readonly finder: DuplicateFinder) {}

  execute(ctx: StageContext<typeof Discover>) {
    return { duplicates: this.finder.find(ctx.inputs.of(Discover).packages) };
  }
}
