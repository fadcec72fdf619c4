import type { Class, ConstructorParameter, ModuleLike, ModuleMetadata, Scope, Token } from '../metadata/index.js';
import type { RunContext } from '../stage/index.js';

/** One module of the application: a module class, or one dynamic module. */
export interface ModuleNode {
  /** What others import it by: the class, or the dynamic module object. */
  readonly key: ModuleLike;
  readonly moduleClass: Class;
  /** The class name, for messages. */
  readonly name: string;
  /** What the names of its stages begin with in the pipelines that import it; '' for nothing. */
  readonly prefix: string;
  /** What `@PipelineModule` says, plus what a dynamic module adds. */
  readonly definition: ModuleMetadata;
  readonly imports: ModuleNode[];
  readonly own: Map<Token, ProviderRecord>;
  /** What importers see. */
  readonly exported: Map<Token, ProviderRecord>;
}

/** What an instance comes from. */
export type ProviderSource =
  | { readonly kind: 'class'; readonly useClass: Class }
  | { readonly kind: 'value'; readonly value: unknown }
  | {
      readonly kind: 'factory';
      readonly factory: (...args: any[]) => unknown; // the argument types follow from the tokens of `requests`
      readonly requests: readonly DependencyRequest[];
    }
  | { readonly kind: 'existing'; readonly token: Token }
  /** Built by tsyringe, which is asked anew wherever the token is needed. */
  | { readonly kind: 'parent'; readonly resolve: () => unknown }
  /** Comes with the run: AuthContext, OrgContext, RunContext. */
  | { readonly kind: 'run'; readonly read: (run: RunContext) => unknown };

export type ProviderRole = 'provider' | 'stage' | 'tool' | 'interceptor' | 'implicit' | 'parent' | 'run';

/** One way to get one token, as written down by somebody. Its identity is what "the same provider" means. */
export interface ProviderRecord {
  readonly token: Token;
  /** Where its own dependencies are looked up; null for what lives in the tsyringe container. */
  readonly home: ModuleNode | null;
  readonly role: ProviderRole;
  readonly source: ProviderSource;
  /** As declared; null lets it follow from what the provider needs. */
  readonly scope: Scope | null;
}

/** One thing a provider asks for, in the order of its arguments. */
export interface DependencyRequest {
  readonly token: Token;
  /** Absent is fine: `undefined` is passed. */
  readonly optional: boolean;
  /** `lazy` passes a reference, `stand-in` an object that forwards to the real one; both may close a circle. */
  readonly form: 'value' | 'lazy' | 'stand-in';
  /** Everything registered under the token in tsyringe, as an array. */
  readonly multiple: boolean;
  readonly transform: ConstructorParameter['transform'];
  /** Names the place in messages: `constructor parameter "db" of Store`. */
  readonly place: string;
}
