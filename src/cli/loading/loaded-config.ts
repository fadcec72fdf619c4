import { ApprovalService, type Decider } from '../../approvals/index.js';
import type { StageflowOptions } from '../../container/index.js';
import { Journal } from '../../journal/index.js';
import { configError } from '../cli-errors.js';
import type { ConfigValue, StageflowConfig } from '../config/index.js';

type Given = Omit<StageflowConfig, 'close'>;
type ValueOf<K extends keyof Given> = Given[K] extends ConfigValue<infer T> | undefined ? T : never;

/** A configuration whose values are made when they are first asked for, once. */
export class LoadedConfig {
  /** Null if there is none. */
  readonly file: string | null;
  readonly #config: StageflowConfig;
  readonly #made = new Map<keyof Given, Promise<unknown>>();

  constructor(file: string | null, config: StageflowConfig) {
    this.file = file;
    this.#config = config;
  }

  journal(): Promise<Journal | undefined> {
    return this.#value('journal');
  }

  approvals(): Promise<ApprovalService | undefined> {
    return this.#value('approvals');
  }

  approver(): Promise<Decider | undefined> {
    return this.#value('approver');
  }

  /** The options of the program alone: `check` and `graph` open no stores. */
  app(): Promise<StageflowOptions | undefined> {
    return this.#value('app');
  }

  /** The options of the program, with the journal and the approvals of the configuration, which stand before its own. */
  async runOptions(): Promise<StageflowOptions> {
    const app: StageflowOptions = (await this.app()) ?? {};
    const journal = await this.journal();
    const approvals = await this.approvals();
    return {
      ...app,
      ...(journal === undefined ? {} : { journal }),
      ...(approvals === undefined ? {} : { toolServices: { ...app.toolServices, approvals } }),
    };
  }

  /** That of the configuration, else that of the program. @throws CLI_CONFIG_INVALID without one */
  async requireJournal(): Promise<Journal> {
    const journal = (await this.journal()) ?? (await this.app())?.journal;
    return journal instanceof Journal
      ? journal
      : this.#lacks('journal', 'a Journal, which is where runs are read from');
  }

  /** That of the configuration, else that of the program. @throws CLI_CONFIG_INVALID without one */
  async requireApprovals(): Promise<ApprovalService> {
    const approvals = (await this.approvals()) ?? (await this.app())?.toolServices?.approvals;
    if (approvals instanceof ApprovalService) return approvals;
    return this.#lacks('approvals', 'an ApprovalService over the store of your application');
  }

  /** Waits for what the journal has to write, lets go of waiting approvals, and closes what the configuration opened. */
  async close(): Promise<void> {
    const journal = (await this.#made.get('journal')?.catch(() => undefined)) as Journal | undefined;
    const approvals = (await this.#made.get('approvals')?.catch(() => undefined)) as ApprovalService | undefined;
    approvals?.close();
    await journal?.flush();
    await this.#config.close?.();
  }

  async #value<K extends keyof Given>(key: K): Promise<ValueOf<K> | undefined> {
    let made = this.#made.get(key);
    if (made === undefined) {
      const given = this.#config[key] as ConfigValue<unknown> | undefined;
      if (given === undefined) return undefined;
      made = Promise.resolve().then(() => (typeof given === 'function' ? given() : given));
      this.#made.set(key, made);
    }
    return made as Promise<ValueOf<K>>;
  }

  #lacks(key: keyof Given, what: string): never {
    throw configError(
      this.file === null
        ? `This command needs ${key}, and there is no stageflow.config file.`
        : `This command needs ${key}, which ${this.file} does not have.`,
      `Give it ${what}.`,
      { key, file: this.file },
    );
  }
}
