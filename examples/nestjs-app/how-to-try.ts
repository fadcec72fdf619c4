import { PEOPLE, signToken } from './auth/sign-token.js';

/** Lines to paste into a shell. */
export async function howToTry(url: string, database: string, secret: string): Promise<string> {
  const [ann, tom] = await Promise.all([signToken(PEOPLE.ann, secret), signToken(PEOPLE.tom, secret)]);
  return `Newsletters at ${url}, kept in ${database}. Ctrl-C ends it, and what waits goes on the next time.

ANN="authorization: Bearer ${ann}"
TOM="authorization: Bearer ${tom}"

# Ann hands in an edition, watches it, and may not approve it herself:
curl -s ${url}/editions -H "$ANN" -H 'content-type: application/json' -d '{"slug":"may","title":"May","text":"It is spring."}'
curl -N ${url}/runs/RUN_ID/events -H "$ANN"

# Tom looks at what waits for him, and lets it out, or not:
curl -s ${url}/approvals -H "$TOM"
curl -s -X POST ${url}/approvals/ID/approve -H "$TOM"
curl -s ${url}/approvals/ID/deny -H "$TOM" -H 'content-type: application/json' -d '{"reason":"too short"}'

# What became of it, and taking the text back:
curl -s ${url}/runs -H "$ANN"
curl -s ${url}/mail -H "$ANN"
curl -s -X POST ${url}/runs/RUN_ID/undo -H "$ANN"
curl -s ${url}/health
`;
}
