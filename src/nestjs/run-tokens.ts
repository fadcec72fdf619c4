import { type FactoryProvider, Scope as NestScope } from '@nestjs/common';
import { AuthContext, OrgContext } from '../auth/index.js';
import { RunContext } from '../stage/index.js';
import { markPlain } from './plain-factory.js';

/** What every run brings along. Whoever asks for one of these is run-scoped, which in Nest means request-scoped. */
export const RUN_PROVIDERS: readonly FactoryProvider[] = [
  // The run puts itself in the place of this; outside of a run there is none.
  { provide: RunContext, scope: NestScope.REQUEST, useFactory: () => undefined },
  {
    provide: AuthContext,
    scope: NestScope.REQUEST,
    useFactory: markPlain((run: RunContext | undefined) => run?.auth),
    inject: [RunContext],
  },
  {
    provide: OrgContext,
    scope: NestScope.REQUEST,
    useFactory: markPlain((run: RunContext | undefined) => run?.org),
    inject: [RunContext],
  },
];
