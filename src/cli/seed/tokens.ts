// Tokens that everybody knows: they open the accounts of a seeded world and nothing else.
import { personalTokenOf, type MintedToken } from '../../accounts/tokens.js';

/** Password of everybody in the seeded world. */
export const SEED_PASSWORD = 'orange kite over water';

/** The personal access token of somebody in the seeded world; the same on every seeded server. */
export function seedToken(username: string): MintedToken {
  return personalTokenOf(`seed-${username}-not-for-public-servers-`);
}
