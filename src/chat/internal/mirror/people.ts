/** The people that a hub names, as they are known here. */
import type { ActorId } from '../../../actors/actor.entity.js';
import type { Services } from '../../../platform/context.js';
import { statement, type Reader } from '../../../platform/db/database.js';
import { RateLimited } from '../../../platform/errors.js';
import { siteOf } from '../../../platform/site-of.js';
import { AskedInVain } from './asked-in-vain.js';
import type { HubDocument } from './read-hub-document.js';
import type { MirrorPlace } from './read-entry.js';

/** Somebody who is known. */
export interface Person {
  readonly id: ActorId;
  readonly isLocal: boolean;
  /** Gone: takes part in nothing, and nothing of theirs is for reading. */
  readonly isDeleted: boolean;
}

/** By identity. */
export type People = ReadonlyMap<string, Person>;

const KNOWN = statement(
  'actors.of_uris',
  `select id, uri, domain is null as "isLocal", status = 'DELETED' as "isDeleted" from actors where uri = any($1::text[])`,
);

/** What servers of one domain make us ask of others, so that a hub cannot send us round the network. */
const ASKING = { name: 'mirror_people', points: 600, windowSeconds: 3600, failsClosed: true };

/** Everybody whom places name. */
export function namedIn(places: readonly MirrorPlace[]): string[] {
  return places.flatMap((place) => {
    if (place.kind === 'EMPTY') return [];
    const { sender, added, removed, members } = place;
    return [sender, ...added, ...removed, ...(members ?? [])].map(({ actorUri }) => actorUri);
  });
}

/** Everybody whom a document names. */
export function namedInDocument({ members, devices }: HubDocument): string[] {
  return [...members, ...devices].map(({ actorUri }) => actorUri);
}

/** Those who are known here. */
export async function findPeople(reader: Reader, uris: readonly string[]): Promise<People> {
  const wanted = [...new Set(uris)];
  if (wanted.length === 0) return new Map();
  const rows = await reader.rows<Person & { uri: string }>(KNOWN, [wanted]);
  return new Map(rows.map(({ uri, ...person }) => [uri, person]));
}

/**
 * As `findPeople`, and asks for those who are not known; whoever is not to be had is left out, and asked for again more and
 * more rarely.
 *
 * @throws {RateLimited} RATE_LIMITED for more than 600 in an hour because of the hubs of one domain
 */
export async function meetPeople(
  services: Pick<Services, 'database' | 'peers' | 'rateLimiter' | 'clock'>,
  uris: readonly string[],
  hubOrigin: string,
): Promise<People> {
  const known = await findPeople(services.database, uris);
  const inVain = AskedInVain.of(services);
  const now = services.clock.now();
  const missing = [...new Set(uris)].filter((uri) => !known.has(uri) && inVain.mayAsk(uri, now));
  if (missing.length === 0) return known;
  const site = siteOf(new URL(hubOrigin).host);
  const { isExceeded, resetSeconds } = await services.rateLimiter.charge(
    ASKING,
    site,
    missing.length,
  );
  if (isExceeded) throw new RateLimited(resetSeconds);
  for (const uri of missing) inVain.keep(uri, (await services.peers.findActor(uri)) !== null, now);
  return findPeople(services.database, uris);
}
