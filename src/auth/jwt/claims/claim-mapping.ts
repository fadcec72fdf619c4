/** A claim by its name, or by the names on the way to it: `['realm_access', 'roles']`. A dot in a name is a dot. */
export type ClaimPath = string | readonly string[];

/** One text. `firstOf` takes the first that the token has. */
export type TextClaim = ClaimPath | { readonly firstOf: readonly ClaimPath[] };

/** How a list is written. What is written otherwise is refused, never guessed at. */
export const ListForm = {
  /** `["a", "b"]` */
  Array: 'array',
  /** `"a b"`: OAuth scopes. */
  Spaced: 'spaced',
  /** `"a,b"` */
  Commas: 'commas',
  /** `"a"`: always one. */
  Single: 'single',
} as const;
export type ListForm = (typeof ListForm)[keyof typeof ListForm];

export interface ListClaim {
  readonly claim: ClaimPath;
  /** Default: array. */
  readonly form?: ListForm;
}

export interface EmailClaim {
  readonly claim: ClaimPath;
  /** The claim that is `true` if the address is the user's. `null` if the issuer hands out no others. */
  readonly verifiedBy: ClaimPath | null;
}

/** A sign that a token was given to a machine. */
export type ServiceAccountSign =
  | { readonly claim: ClaimPath; readonly equals: string }
  /** Two claims say the same; `suffix` is what `claim` has more. */
  | { readonly claim: ClaimPath; readonly sameAs: ClaimPath; readonly suffix?: string }
  | { readonly claim: ClaimPath; readonly absent: true };

/**
 * Where an issuer writes what an identity needs, as data. Start from one of `ClaimMappings` and spread your own over it.
 *
 * Strict: a claim that is absent is fine unless it is needed (the user's id; a service account's client id). A claim that
 * is there in another form than the mapping says refuses the token: no list is made of a text, no text of a number.
 */
export interface ClaimMapping {
  readonly userId: TextClaim;
  readonly clientId?: TextClaim;
  readonly sessionId?: TextClaim;
  /** An address that is not ASCII refuses the token. Leave `email` out if the issuer has such users. */
  readonly email?: EmailClaim;
  readonly orgId?: TextClaim;
  readonly tenantId?: TextClaim;
  readonly planTier?: TextClaim;
  /** All that are there, together. */
  readonly roles?: readonly ListClaim[];
  readonly scopes?: readonly ListClaim[];
  readonly features?: readonly ListClaim[];
  /** One sign, or all of a list of signs, makes the principal a service account. */
  readonly serviceAccount?: readonly (ServiceAccountSign | readonly ServiceAccountSign[])[];
}
