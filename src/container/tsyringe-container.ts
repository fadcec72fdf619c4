// The one file that loads tsyringe, which refuses to load without reflect-metadata.
import 'reflect-metadata';
import { createRequire } from 'node:module';
import type { DependencyContainer } from 'tsyringe';
import type { Class, Token } from '../metadata/index.js';

/** What somebody registered in a tsyringe container. */
export interface Registration {
  readonly provider: {
    readonly useClass?: unknown;
    readonly useToken?: unknown;
    readonly useFactory?: unknown;
    readonly useValue?: unknown;
  };
  readonly lifecycle: Lifecycle;
}

/** tsyringe's enum by value, since a second copy of tsyringe has an enum object of its own. */
export const Lifecycle = { Transient: 0, Singleton: 1, ResolutionScoped: 2, ContainerScoped: 3 } as const;
export type Lifecycle = (typeof Lifecycle)[keyof typeof Lifecycle];

/** A tsyringe container with tokens of ours, which it looks up by identity like any other. Nothing is registered in it. */
export class TsyringeContainer {
  readonly container: DependencyContainer;
  #markedClasses: ReadonlyMap<unknown, unknown> | undefined;

  private constructor(container: DependencyContainer) {
    this.container = container;
  }

  /**
   * Opens a container, by default the root one, where `@singleton()` registers. tsyringe is loaded here and not on
   * import: it takes its time, and the tslib it brings defines globals.
   */
  static async open(container?: DependencyContainer): Promise<TsyringeContainer> {
    return new TsyringeContainer(container ?? (await import('tsyringe')).container);
  }

  has(token: Token): boolean {
    return this.container.isRegistered(token as string, true);
  }

  resolve(token: Token): unknown {
    return this.container.resolve(token as string);
  }

  resolveAll(token: Token): readonly unknown[] {
    return this.container.resolveAll(token as string);
  }

  /** All registrations of a token, the one that `resolve` takes last. Tells how they are built, without building. */
  registrations(token: Token): readonly Registration[] {
    // Private in the typings, and the only way to see a registration without resolving it.
    const container = this.container as unknown as {
      getAllRegistrations?(
        token: Token,
      ): readonly { provider: Registration['provider']; options: { lifecycle: Lifecycle } }[] | null;
    };
    const found = container.getAllRegistrations?.(token) ?? [];
    return found.map(({ provider, options }) => ({ provider, lifecycle: options.lifecycle }));
  }

  /**
   * Whether `@injectable()` stands on a class. It leaves no trace on a class without constructor, so tsyringe's own list
   * is asked where it can be reached; elsewhere, and for classes marked by a second copy of tsyringe, what is left on
   * the class decides.
   */
  isMarked(target: Class): boolean {
    this.#markedClasses ??= loadMarkedClasses();
    return this.#markedClasses.has(target) || Reflect.hasOwnMetadata('injectionTokens', target);
  }
}

function loadMarkedClasses(): ReadonlyMap<unknown, unknown> {
  try {
    return createRequire(import.meta.url)('tsyringe/dist/cjs/dependency-container.js').typeInfo ?? new Map();
  } catch {
    return new Map(); // bundled, or a release that hides the file
  }
}
