import { DependsOn, Stage, type StageContext, StageKind, StageOutput } from 'stageflow';
import { type Profile, Profiles } from '../services/profiles.js';
import { GuardInput } from './guard-input.js';

/** Of whoever is signed in: nothing that is typed can make it somebody else's. */
@Stage({ kind: StageKind.Enrich })
@DependsOn(GuardInput)
export class LookUpProfile {
  constructor(private readonly profiles: Profiles) {}

  async execute(ctx: StageContext): Promise<StageOutput<{ profile: Profile }>> {
    const { userId } = ctx.auth;
    const profile = userId === null ? null : await this.profiles.find(userId);
    return profile === null ? StageOutput.skip('nobody is known by this name') : StageOutput.ok({ profile });
  }
}
