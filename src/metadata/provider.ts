import type { AbstractClass, Class, InjectionToken, Token } from './token.js';

/** How long an instance lives. */
export const Scope = {
  /** One per application, built at start. The default, unless something it needs is run-scoped. */
  Singleton: 'singleton',
  /** One per run. What asks for AuthContext, OrgContext or RunContext is run-scoped by itself. */
  Run: 'run',
  /**
   * As `run`, for what works with the data of a tenant: one per run, never shared with another, and a run without
   * organisation that needs it is refused with TENANT_ACCESS_DENIED before its first stage.
   */
  Tenant: 'tenant',
  /** A new one for every place that asks. */
  Transient: 'transient',
} as const;
export type Scope = (typeof Scope)[keyof typeof Scope];

export interface ClassProvider<T = unknown> {
  readonly provide: Token<T>;
  readonly useClass: Class<T & object>;
  readonly scope?: Scope;
}
/** The value as it is, `null`, `false` and `0` included. */
export interface ValueProvider<T = unknown> {
  readonly provide: Token<T>;
  readonly useValue: T;
}
/** A function, async if you like; its parameters are the tokens of `inject`, in order. */
export interface FactoryProvider<T = unknown> {
  readonly provide: Token<T>;
  // The parameter types follow from `inject`, which TypeScript cannot tie to a function of any arity here.
  readonly useFactory: (...args: any[]) => T | Promise<T>;
  readonly inject?: readonly FactoryDependency[];
  readonly scope?: Scope;
}
/** Another name for something provided elsewhere. */
export interface ExistingProvider<T = unknown> {
  readonly provide: Token<T>;
  readonly useExisting: Token<T>;
}
export type FactoryDependency = Token | { readonly token: Token; readonly optional: true };

export type CustomProvider<T = unknown> =
  | ClassProvider<T>
  | ValueProvider<T>
  | FactoryProvider<T>
  | ExistingProvider<T>;

/** A class provides itself; the other forms say what a token stands for. */
export type Provider = Class | CustomProvider;

/**
 * A module made at run time, for modules that take options: `static with(options): DynamicModule`. Each object is a module of
 * its own, with instances of its own.
 */
export interface DynamicModule {
  readonly module: Class;
  /**
   * Names the stages of the module and of what it imports `eu.Fetch` instead of `Fetch`, so that it can be imported more than
   * once by one pipeline.
   */
  readonly prefix?: string;
  readonly imports?: readonly ModuleLike[];
  readonly providers?: readonly Provider[];
  readonly exports?: readonly (Token | ModuleLike)[];
}
export type ModuleLike = Class | DynamicModule;

export type { AbstractClass, Class, InjectionToken, Token };
