import type { AccessRule } from '../auth/index.js';

/** An access rule in words, for `app.describe()`. */
export function describeRule(rule: AccessRule): string {
  switch (rule.rule) {
    case 'public':
      return 'public';
    case 'authenticated':
      return rule.kinds === undefined ? 'any recognised caller' : `a ${rule.kinds.join(' or ')}`;
    case 'roles':
    case 'scopes':
      return `${rule.rule.slice(0, -1)} ${rule.names.join(rule.match === 'any' ? ' or ' : ' and ')}`;
    case 'feature':
      return `feature ${rule.name}`;
    case 'plan':
      return `plan ${rule.oneOf.join(' or ')}`;
    case 'policy':
      return `policy ${typeof rule.policy === 'function' ? rule.policy.name : rule.policy.constructor.name}`;
  }
}
