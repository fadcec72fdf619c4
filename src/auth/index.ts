export { AuthContext, type AuthContextInit, PrincipalKind } from './auth-context.js';
export { OrgContext, type OrgContextInit } from './org-context.js';
