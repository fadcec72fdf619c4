import { OrgContext, Stage } from 'stageflow';
import { Mailbox } from '../mailbox.js';

@Stage({ kind: 'enrich' })
export class FindReaders {
  constructor(
    private readonly mailbox: Mailbox,
    private readonly org: OrgContext, // asking for it makes the stage one of each run
  ) {}

  async execute(): Promise<{ readonly readers: readonly string[] }> {
    return { readers: await this.mailbox.readersOf(this.org.requireOrgId()) };
  }
}
