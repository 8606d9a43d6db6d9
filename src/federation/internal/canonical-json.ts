/** JSON in its one canonical form, over which proofs are made. @source RFC 8785 */
import { createRequire } from 'node:module';

/** Writes what was read from JSON; the package has no types of its own. */
export const canonicalise = createRequire(import.meta.url)('json-canon') as (
  value: unknown,
) => string;
