import { type CanActivate, type ExecutionContext, Inject, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { authenticate } from 'stageflow';
import { ClaimMappings, JwtVerifier } from 'stageflow/auth';
import { SETTINGS, type Settings } from '../settings.js';
import type { KnownRequest } from './caller.js';
import { AUDIENCE, ISSUER } from './token-rules.js';

const PUBLIC = 'public';

/** For handlers that anybody may call. */
export const Public = () => SetMetadata(PUBLIC, true);

/** Lets in whoever has a token of the issuer, and puts who it is on the request. Everybody else is answered with 401. */
@Injectable()
export class JwtGuard implements CanActivate {
  readonly #verifier: JwtVerifier;

  constructor(
    private readonly reflector: Reflector,
    @Inject(SETTINGS) { secret }: Settings,
  ) {
    this.#verifier = new JwtVerifier({
      keys: { secret },
      issuer: ISSUER,
      audience: AUDIENCE,
      claims: ClaimMappings.oidc({ orgId: 'org_id', roles: 'roles' }),
    });
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC, [context.getHandler(), context.getClass()])) return true;
    const request = context.switchToHttp().getRequest<KnownRequest>();
    const [, token] = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
    request.caller = await authenticate(this.#verifier, token);
    return true;
  }
}
