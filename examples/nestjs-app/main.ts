import { randomBytes } from 'node:crypto';
import { type CommandLine, parseCommandLine, USAGE } from './command-line.js';
import { createApp } from './create-app.js';
import { howToTry } from './how-to-try.js';
import { playOnce } from './story/play-once.js';

await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  let options: CommandLine;
  try {
    options = parseCommandLine(args);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  if (options.help) console.log(USAGE);
  else await (options.once ? playOnce(options.adapter) : serve(options));
}

/** Until Ctrl-C: then runs get a second, and those that wait for somebody go on when it is started again. */
async function serve({ adapter, database, port }: CommandLine): Promise<void> {
  const secret = process.env.NEWSLETTER_SECRET ?? randomBytes(32).toString('hex');
  const app = await createApp({ adapter, database, secret, graceMs: 1_000 });
  app.enableShutdownHooks();
  try {
    await app.listen(port, '127.0.0.1');
  } catch (error) {
    await app.close();
    console.error(`${(error as Error).message}. Choose another --port.`);
    process.exitCode = 1;
    return;
  }
  console.log(await howToTry(await app.getUrl(), database, secret));
}
