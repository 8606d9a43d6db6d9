/** Which names people of this server may take. Names as other servers write them, without look-alikes. */
import { Conflict, Invalid } from '../platform/errors.js';

const FORM = /^[a-z0-9_]{1,30}$/;

/** Names that would speak for the server, or that are paths of it. Compared after `plainForm`. */
const RESERVED: ReadonlySet<string> = new Set(
  `abuse about account accounts actor actors admin administrator all anonymous api billing bot contact
  deleted dmca everyone explore fediverse finance graphiql graphql guest help helpdesk here home
  hostmaster inbox info instance legal live local login logout mail mailerdaemon media mod moderation
  moderator moderators mods news nobody nodeinfo noreply notifications null official oauth outbox owner
  payment payments postmaster press privacy relay report reports root rules search security server
  service session settings signin signup staff support sysadmin system team terms triptych trust
  undefined unknown upload uploads verified webfinger webmaster wellknown www`
    .split(/\s+/)
    .map(plainForm),
);

/** The name is in use or reserved; the suggestions were free a moment ago. */
export class UsernameTaken extends Conflict {
  override readonly typeName = 'UsernameTakenError';

  constructor(
    readonly suggestions: readonly string[],
    path: readonly string[] = ['username'],
  ) {
    super('This name is taken.', 'USERNAME_TAKEN', path);
  }
}

/**
 * Checks the form of a name and returns it in lower case, as it is stored.
 *
 * @throws {Invalid} INVALID_INPUT: only ASCII letters, digits and `_` are names, so that none looks like another
 */
export function readUsername(text: string): string {
  const username = text.toLowerCase();
  if (FORM.test(username)) return username;
  throw new Invalid(
    'A name has 1–30 characters: letters from a to z, digits and _.',
    ['username'],
    'PATTERN',
    FORM.source,
  );
}

/** Whether a name is kept for the server, also when it is written with underscores or digits for letters. */
export function isReservedUsername(username: string): boolean {
  return RESERVED.has(plainForm(username));
}

/** Names to offer in place of one that is taken, best first; the caller leaves out those in use. */
export function alternativesTo(username: string): string[] {
  const stem = isReservedUsername(username) ? `its_${username}` : username;
  const endings = ['_', '_2', '1', '_pics', '_photos', '42', '_here', '77', '_x'];
  const made = endings.map((ending) => stem.slice(0, 30 - ending.length) + ending);
  return made.filter((name) => FORM.test(name) && !isReservedUsername(name));
}

function plainForm(username: string): string {
  const letters: Readonly<Record<string, string>> = {
    '0': 'o',
    '1': 'i',
    '3': 'e',
    '4': 'a',
    '5': 's',
    '7': 't',
    l: 'i',
  };
  return username.replace(/_/g, '').replace(/[013457l]/g, (sign) => letters[sign] ?? sign);
}
