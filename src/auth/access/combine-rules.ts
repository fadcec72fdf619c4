import type { AccessRule } from './access-rule.js';

/**
 * The rules of a stage or tool: those of its module and its own.
 *
 * A class adds to its module and takes nothing away, with one exception: `Access.public()` on the class lifts the plain
 * `Access.authenticated()` of the module, since that is what it says. It does not lift `authenticated` limited to kinds,
 * nor roles, scopes, features, plans and policies. `Access.public()` on the module lifts nothing of the class. So moving a
 * class into another module, or adding a rule to a module, can only close doors that the class did not open by name.
 */
export function combineRules(module: readonly AccessRule[], own: readonly AccessRule[]): readonly AccessRule[] {
  const opened = own.some((rule) => rule?.rule === 'public');
  // A `public` of the module must not open what the class closes, policies for anonymous callers included.
  const kept = module.filter((rule) => {
    if (rule?.rule === 'public') return own.length === 0 || opened;
    return !(opened && rule?.rule === 'authenticated' && rule.kinds === undefined);
  });
  return Object.freeze([...kept, ...own]);
}
