/**
 * Followers as two servers compare them: each knows those that are on one of the two, and tells a digest of them that
 * does not depend on their order. @source FEP-8fcf
 */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader, type Statement } from '../platform/db/database.js';
import { PUBLIC } from '../platform/activity-streams.js';
import { originOf } from './addresses.js';
import type { Activity } from './documents/activities.js';
import { followersUri } from './documents/actor-document.js';
import { isShortAddress } from './internal/read-properties.js';

/** What a server says about those of our people who follow one of its own. */
export interface Synchronization {
  readonly collectionId: string;
  /** Where they are listed. */
  readonly url: string;
  /** Hexadecimal, lower case. */
  readonly digest: string;
}

const FOLLOWS = `from follows f join actors a on a.id = f.follower_id`;
const ON_HOST = `${FOLLOWS} join remote_actors r on r.actor_id = a.id
  where f.followee_id = $1 and f.state = 'ACCEPTED' and r.host = $2`;
const HERE = `${FOLLOWS} where f.followee_id = $1 and f.state = 'ACCEPTED' and a.domain is null`;
// Computed where the rows are: of a widely followed person they are many.
const DIGEST = `select bit_xor(('x' || encode(sha256(convert_to(a.uri, 'UTF8')), 'hex'))::bit(256))::text as bits`;

const DIGEST_ON_HOST = statement('followers.digest_on_host', `${DIGEST} ${ON_HOST}`);
const DIGEST_HERE = statement('followers.digest_here', `${DIGEST} ${HERE}`);
const LIST_ON_HOST = statement('followers.on_host', `select a.uri ${ON_HOST} order by a.uri`);

const HEX_DIGITS = 64;
const LONGEST_HEADER = 4_096;
const PARAMETER = /([a-zA-Z]+)="([^"]*)"/g;

/** Name of the header, as Node has it. */
export const SYNCHRONIZATION_HEADER = 'collection-synchronization';

/** Digest of those followers of an actor of ours who are on another server. */
export function digestOnHost(reader: Reader, actorId: ActorId, host: string): Promise<string> {
  return digest(reader, DIGEST_ON_HOST, [actorId, host]);
}

/** Digest of those of us who follow a remote actor. */
export function digestHere(reader: Reader, actorId: ActorId): Promise<string> {
  return digest(reader, DIGEST_HERE, [actorId]);
}

/** Those followers of an actor of ours who are on another server. */
export async function followersOnHost(
  reader: Reader,
  actorId: ActorId,
  host: string,
): Promise<string[]> {
  const rows = await reader.rows<{ uri: string }>(LIST_ON_HOST, [actorId, host]);
  return rows.map(({ uri }) => uri);
}

/** The collection of those followers of an actor who are on the server that asks. */
export function partialFollowersUri(actorUri: string): string {
  return `${actorUri}/followers-synchronization`;
}

/** Headers by which a server can tell whether it knows the same followers; none but for what is for followers alone. */
export async function synchronizationHeaders(
  reader: Reader,
  actor: { readonly uri: string; readonly id: ActorId },
  { to, cc }: Pick<Activity, 'to' | 'cc'>,
  host: string,
): Promise<Record<string, string>> {
  const addressed = [...(to ?? []), ...(cc ?? [])];
  const collection = followersUri(actor.uri);
  if (!addressed.includes(collection) || addressed.includes(PUBLIC)) return {};
  const value = await digestOnHost(reader, actor.id, host);
  const url = partialFollowersUri(actor.uri);
  return {
    [SYNCHRONIZATION_HEADER]: `collectionId="${collection}", url="${url}", digest="${value}"`,
  };
}

/** What the header of a proven sender says of its own followers; null when it says nothing that can be true. */
export function readSynchronization(
  header: unknown,
  sender: { readonly uri: string; readonly followersUri: string | null },
): Synchronization | null {
  if (typeof header !== 'string' || header.length > LONGEST_HEADER) return null;
  const parameters = new Map(
    Array.from(header.matchAll(PARAMETER), ([, name = '', value = '']) => [name, value]),
  );
  const [collectionId, url, given] = ['collectionId', 'url', 'digest'].map(
    (name) => parameters.get(name) ?? '',
  ) as [string, string, string];
  const isOwn = collectionId === sender.followersUri && originOf(url) === originOf(sender.uri);
  const isDigest = /^[0-9a-f]{64}$/i.test(given);
  return isOwn && isDigest && isShortAddress(url)
    ? { collectionId, url, digest: given.toLowerCase() }
    : null;
}

async function digest(reader: Reader, query: Statement, values: unknown[]): Promise<string> {
  const bits = (await reader.row<{ bits: string | null }>(query, values))?.bits ?? '0';
  return BigInt(`0b${bits}`).toString(16).padStart(HEX_DIGITS, '0');
}
