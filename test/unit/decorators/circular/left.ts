import { DependsOn } from '../../../../decorators/index.js';
import { Right } from './right.js';

@DependsOn(Right)
export class Left {
  execute() {}
}
