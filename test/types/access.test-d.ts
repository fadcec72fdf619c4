// Promise: access is asked for in words that exist, on stages, tools and modules, and in the builder.
import { Public, RequireAuth, RequirePlan, RequirePolicy, RequireRoles } from '../../decorators/index.js';
import { Access, AuthContext } from '../../src/auth/index.js';
import { Pipeline } from '../../src/pipeline/index.js';
import type { RunInput } from '../../src/run/index.js';

class OwnBudget {
  constructor(readonly budget: Map<string, number>) {}
  decide() {
    return true;
  }
}

@RequireAuth('user', 'service-account')
@RequireRoles('admin', 'owner')
@RequirePolicy(OwnBudget)
export class Refund {
  execute() {}
}
@Public()
export class Ping {}

// @ts-expect-error any of no roles is nobody
@RequireRoles()
export class NoRole {}
// @ts-expect-error anonymous callers are not recognised
@RequireAuth('anonymous')
export class Anonymous {}
// @ts-expect-error a plan has a name
@RequirePlan(2)
export class Plan {}
// @ts-expect-error a policy decides
@RequirePolicy(Ping)
export class NoPolicy {}

export const ruled = new Pipeline('p', { access: [Access.authenticated()] })
  .withStage('a', () => ({}), { access: [Access.anyRole('admin'), Access.policy(OwnBudget)] })
  // @ts-expect-error a role is no rule
  .withStage('b', () => ({}), { access: ['admin'] });

export const callers: RunInput[] = [{ token: 't' }, { token: undefined }, { auth: AuthContext.anonymous }];
// @ts-expect-error nobody becomes a caller by saying so
export const claimed: RunInput = { auth: { userId: 'ann', roles: ['admin'] } };
