import { readFile } from 'node:fs/promises';
import { Inject, Injectable, token } from 'stageflow';
import { z } from 'zod';

/** The file with what is known of customers. */
export const PROFILES_PATH = token<string>('PROFILES_PATH');

const Profile = z.object({ name: z.string(), country: z.string() });
export type Profile = z.infer<typeof Profile>;

@Injectable()
export class Profiles {
  constructor(@Inject(PROFILES_PATH) private readonly file: string) {}

  /** Null for somebody unknown. */
  async find(userId: string): Promise<Profile | null> {
    const profiles = z.record(z.string(), Profile).parse(JSON.parse(await readFile(this.file, 'utf8')));
    return Object.hasOwn(profiles, userId) ? (profiles[userId] ?? null) : null;
  }
}
