import { z } from 'zod';

/** What an editor hands in. */
export const Draft = z.object({
  slug: z.string().regex(/^[a-z0-9-]{1,60}$/),
  title: z.string().min(1).max(200),
  text: z.string().min(1).max(20_000),
});
export type Draft = z.infer<typeof Draft>;
