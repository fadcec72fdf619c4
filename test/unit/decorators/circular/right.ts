import { DependsOn } from '../../../../decorators/index.js';
import { Left } from './left.js';

@DependsOn(Left)
export class Right {
  execute() {}
}
