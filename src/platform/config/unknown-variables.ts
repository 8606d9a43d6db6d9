// Finds variables that were meant for this server but are not in its table: a typing error must not pass silently.
import { variables } from './variables.js';

const known: readonly string[] = Object.keys(variables);
const OWN_PREFIXES = [
  'TRIPTYCH_',
  'S3_',
  'STORAGE_',
  'SMTP_',
  'MEDIA_',
  'REGISTRATION_',
  'INSTANCE_',
  'ENTITLEMENT_',
  'GRAPHQL_',
  'GRAPHIQL_',
  'SESSION_IDLE_',
  'DATABASE_POOL_',
];

/** Shortest name whose near misses are reported; below it, chance resemblance is too likely. */
const LONG_NAME = 8;

/** Kubernetes and `docker --link` set such names for every service, whatever the service is called. */
const SERVICE_LINK = /_(SERVICE_(HOST|PORT(_\w+)?)|PORT_\d+_(TCP|UDP)(_\w+)?)$/;

/** A variable that no row of the table names. */
export interface UnknownVariable {
  readonly name: string;
  /** The known name that is closest, or null if none is close. */
  readonly suggestion: string | null;
}

/** Least number of single-character insertions, deletions and replacements that turn one text into the other. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [i, character] of [...left].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...right].entries()) {
      const replaced = row[j]! + (character === other ? 0 : 1);
      next.push(Math.min(replaced, row[j + 1]! + 1, next[j]! + 1));
    }
    row = next;
  }
  return row[right.length]!;
}

/** Whether two neighbouring characters have changed places, and nothing else: a slip that no foreign name has by chance. */
function isTransposed(left: string, right: string): boolean {
  if (left.length !== right.length) return false;
  const at = [...left].findIndex((character, index) => character !== right[index]);
  const swapped = left.slice(0, at) + left.charAt(at + 1) + left.charAt(at) + left.slice(at + 2);
  return at >= 0 && swapped === right;
}

/** The known name closest to `name` within two edits, of short names one, or null. */
export function closestName(name: string, candidates: readonly string[] = known): string | null {
  const ranked = candidates
    .filter((candidate) => Math.abs(candidate.length - name.length) <= 2)
    .map((candidate) => ({ candidate, distance: editDistance(name.toUpperCase(), candidate) }))
    .filter(({ distance }) => distance <= (name.length < LONG_NAME ? 1 : 2))
    .toSorted((a, b) => a.distance - b.distance);
  return ranked[0]?.candidate ?? null;
}

function isServiceLink(name: string, value: string): boolean {
  return SERVICE_LINK.test(name) || (name.endsWith('_PORT') && /^(tcp|udp):\/\//.test(value));
}

/** Unknown names with one of our prefixes, near misses of long names and swapped letters, in the order of the environment. */
export function unknownVariables(
  env: Readonly<Record<string, string | undefined>>,
): UnknownVariable[] {
  const long = known.filter((name) => name.length >= LONG_NAME);
  return Object.entries(env)
    .filter(
      ([name, value]) =>
        value !== undefined && !known.includes(name) && !isServiceLink(name, value),
    )
    .map(([name]) => ({
      name,
      suggestion:
        closestName(name, long) ?? known.find((other) => isTransposed(name, other)) ?? null,
    }))
    .filter(
      ({ name, suggestion }) =>
        suggestion !== null || OWN_PREFIXES.some((prefix) => name.startsWith(prefix)),
    );
}
