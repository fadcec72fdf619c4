/** Who signs tokens, and for whom. */
export const ISSUER = 'https://issuer.example/';
export const AUDIENCE = 'newsletters';
