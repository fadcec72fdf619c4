// Promise: @Sensitive() stands on fields of instances, which have a name.
import { Sensitive } from '../../decorators/index.js';
import { SensitivePaths } from '../../src/masking/index.js';

export class Customer {
  @Sensitive() email = '';
  @Sensitive() get code(): string {
    return this.email;
  }
  // @ts-expect-error a symbol is no name of a field
  @Sensitive() [Symbol.toStringTag] = 'x';
  // @ts-expect-error arguments say nothing
  @Sensitive('email') other = '';
}
// @ts-expect-error a class is no field
@Sensitive()
export class Whole {}

SensitivePaths.of(['user.email']);
// @ts-expect-error a list, even of one
SensitivePaths.of('user.email');
