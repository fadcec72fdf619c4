import {
  Access,
  type AccessPolicyClass,
  type AccessRule,
  type AuthenticatedKind,
  accessRuleProblems,
} from '../src/auth/index.js';
import { type AbstractClass, readOwnMetadata, writeMetadata } from '../src/metadata/index.js';
import { isClass, Misuse } from './misuse.js';

type Names = readonly [string, ...string[]];
type ClassDecorator = (target: AbstractClass) => void;

/*
 * Rules of one class add up: all of them must hold. Those of its ancestors and its module count as well; `@Public()` lifts
 * their plain `@RequireAuth()` and nothing else.
 */

/** The caller must be recognised, as one of `kinds` if any are given. On a stage, a tool or a module. */
export function RequireAuth(...kinds: readonly AuthenticatedKind[]): ClassDecorator {
  return ruled('@RequireAuth', [Access.authenticated(...kinds)]);
}

/** The caller must have one of these roles. For all of them: `@RequireAccess(Access.allRoles(…))`. */
export function RequireRoles(...roles: Names): ClassDecorator {
  return ruled('@RequireRoles', [Access.anyRole(...roles)]);
}

/** The caller must have all of these scopes. For one of them: `@RequireAccess(Access.anyScope(…))`. */
export function RequireScopes(...scopes: Names): ClassDecorator {
  return ruled('@RequireScopes', [Access.allScopes(...scopes)]);
}

/** The organisation of the caller must have all of these features. */
export function RequireFeature(...features: Names): ClassDecorator {
  return ruled('@RequireFeature', features.map(Access.feature));
}

/** The organisation of the caller must be on one of these plans. */
export function RequirePlan(...plans: Names): ClassDecorator {
  return ruled('@RequirePlan', [Access.planOneOf(...plans)]);
}

/**
 * Each of these policies must allow it. The container builds them, once per application, so they may ask for services in
 * their constructors; of the run they learn in `decide(request)`.
 */
export function RequirePolicy(...policies: readonly [AccessPolicyClass, ...AccessPolicyClass[]]): ClassDecorator {
  return ruled('@RequirePolicy', policies.map(Access.policy));
}

/** Any rules made with `Access`; all of them must hold. */
export function RequireAccess(...rules: readonly [AccessRule, ...AccessRule[]]): ClassDecorator {
  return ruled('@RequireAccess', rules);
}

/** Anonymous callers are welcome. Lifts the plain `@RequireAuth()` of the module or a parent class, and nothing else. */
export function Public(): ClassDecorator {
  return ruled('@Public', [Access.public()]);
}

/** @throws DefinitionError with AUTH_OPTION_INVALID or METADATA_OPTION_INVALID, when the class is loaded. */
function ruled(decorator: string, rules: readonly AccessRule[]): ClassDecorator {
  return (target) => {
    const misuse = new Misuse(decorator, target);
    if (!isClass(target)) misuse.add('does not stand on a class.', `Put ${decorator}(…) directly above \`class\`.`);
    else if (rules.length === 0) misuse.add('names nothing.', 'Say what the caller needs.');
    misuse.include(accessRuleProblems(rules, misuse.subject));
    misuse.throwIfAny();
    // Decorators run from bottom to top; the rules are read from top to bottom.
    const below = readOwnMetadata('access', target)?.rules ?? [];
    writeMetadata('access', target, Object.freeze({ rules: Object.freeze([...rules, ...below]) }));
  };
}
