// @ts-check
/* What knowing the caller costs: one verification per run, whatever its stages are, and one decision per stage with rules. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { chain } from './graphs.mjs';
import { compare, median } from './measure.mjs';
import { pipelineOf } from './pipelines.mjs';
import { inChild } from './processes.mjs';
import { digits, table } from './table.mjs';

const STAGES = 10;
const TRUST = { issuer: 'https://issuer.test/', audience: 'bench' };

/** In a process of its own. @param {{ core: string, auth: string, quick: boolean }} options */
export async function measure({ core, auth, quick }) {
  const stageflow = await import(core);
  const { JwtVerifier } = await import(auth);
  const { token, jwks } = signed();
  const jwt = new JwtVerifier({ ...TRUST, keys: { jwks } });
  const caller = stageflow.AuthContext.verified({ userId: 'ann' });
  const knows = counting({ verify: () => ({ auth: caller }) });
  const checks = counting(jwt);
  const graph = chain(STAGES);
  const plain = pipelineOf(stageflow, graph);
  const ruled = rulesOn(stageflow, graph);
  const variants = [
    build('no verifier', plain.build(), {}),
    build('a verifier that answers at once', plain.build({ verifier: knows }), { token }),
    build('the same, and a rule on every stage', ruled.build({ verifier: knows }), { token }),
    build('a JWT signed with ES256', plain.build({ verifier: checks }), { token }),
    build('ES256, and a rule on every stage', ruled.build({ verifier: checks }), { token }),
  ];
  const rounds = quick ? 15 : 41;
  const options = { rounds, batchMs: quick ? 8 : 20, warmupMs: quick ? 300 : 800, stages: 1 };
  const measured = await compare(variants, options);
  return {
    measured,
    verifications: await perRun(checks, variants[3].run),
    ruled: await perRun(checks, variants[4].run),
  };
}

/** @param {string} label @param {any} pipeline @param {object} input */
function build(label, pipeline, input) {
  return { label, run: () => pipeline.run(input) };
}

/** @param {any} stageflow @param {import('./graphs.mjs').GraphShape} graph */
function rulesOn(stageflow, graph) {
  const { Pipeline, Access } = stageflow;
  const ruled = Object.assign(Object.create(stageflow), {
    Pipeline: class extends Pipeline {
      /** @param {string} name @param {object} options */
      constructor(name, options) {
        super(name, { ...options, access: [Access.authenticated()] });
      }
    },
  });
  return pipelineOf(ruled, graph);
}

/** @param {{ verify(token: string, context: object): unknown }} verifier */
function counting(verifier) {
  return {
    calls: 0,
    /** @param {string} token @param {object} context */
    verify(token, context) {
      this.calls++;
      return verifier.verify(token, context);
    },
  };
}

const COUNTED_RUNS = 100;

/** How often the verifier is asked. @param {{ calls: number }} verifier @param {() => Promise<unknown>} run */
async function perRun(verifier, run) {
  const before = verifier.calls;
  for (let count = 0; count < COUNTED_RUNS; count++) await run();
  return (verifier.calls - before) / COUNTED_RUNS;
}

function signed() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const now = Math.floor(Date.now() / 1_000);
  const claims = { iss: TRUST.issuer, aud: TRUST.audience, sub: 'ann', iat: now, exp: now + 3_600 };
  const text = [{ alg: 'ES256', kid: 'k' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'ES256' };
  return { token: `${text}.${signature.toString('base64url')}`, jwks: { keys: [jwk] } };
}

/** @param {{ core: string, auth: string, quick: boolean, processes: number }} options */
export async function auth({ core, auth, quick, processes }) {
  /** @type {Awaited<ReturnType<typeof measure>>[]} */
  const runs = [];
  for (let count = 0; count < processes; count++) runs.push(await inChild('auth.mjs', { core, auth, quick }));
  const [first] = runs;
  const rows = first.measured.map(({ label }, place) => ({
    label,
    ratio: median(runs.map(({ measured }) => measured[place].ratio)),
    us: median(runs.map(({ measured }) => measured[place].ns)) / 1_000,
  }));
  return { rows, verifications: first.verifications, ruled: first.ruled };
}

/** @param {Awaited<ReturnType<typeof auth>>} figures */
export function authTable({ rows, verifications, ruled }) {
  return table(
    `Auth: a run of a chain of ${STAGES}`,
    ['', 'ratio', 'us/run'],
    [
      ...rows.map(({ label, ratio, us }) => [label, digits(ratio), digits(us)]),
      ['verifications per run', String(verifications)],
      ['the same with a rule on every stage', String(ruled)],
    ],
  );
}
