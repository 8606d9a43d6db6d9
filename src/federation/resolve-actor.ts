/** Actors by their identity: from what we keep, or from their server when that is unknown or old. */
import type { ActorId, ActorStatus } from '../actors/actor.entity.js';
import { lockDomainRules } from '../actors/lock-domain-rules.js';
import { saveRemoteActor } from '../actors/save-remote-actor.js';
import { keepRemoteEmojis } from '../emojis/keep-remote-emojis.js';
import { followDomainRules } from '../actors/set-actor-status.js';
import { addSeconds } from '../platform/clock.js';
import { statement, type Database, type Reader } from '../platform/db/database.js';
import { questionsValue, type Placed } from '../platform/db/for-many.js';
import { mentionArrived } from '../posts/awaited-mentions.js';
import { gatheredFor } from '../platform/gathered.js';
import { OutsideUnavailable } from '../platform/outside-unavailable.js';
import { isOurs } from './addresses.js';
import { fetchDocument, type FetchServices } from './internal/fetch-document.js';
import { findHandle } from './internal/find-handle.js';
import type { PublicProofKey } from './internal/integrity-proof.js';
import { isUsername, readActor, type ReadActor } from './internal/read-actor.js';
import { meetInstance } from './remote-instances.queries.js';
import { MalformedDocument } from './internal/read-document.js';

/** A remote actor and how it is reached. */
export interface RemoteActor {
  readonly actorId: ActorId;
  readonly status: ActorStatus;
  /** Its server is suspended. */
  readonly isBarred: boolean;
  readonly uri: string;
  readonly host: string;
  readonly inboxUrl: string;
  readonly sharedInboxUrl: string | null;
  readonly followersUri: string | null;
  /** Collection of pinned posts; null = its document names none. */
  readonly featuredUri: string | null;
  /** Collection of key packages; null = its document names none. */
  readonly keyPackagesUri: string | null;
  /** What the log of keys of its server says of it; null = its document names none. */
  readonly keyLogUri: string | null;
  readonly keyId: string;
  readonly publicKeyPem: string;
  readonly proofKeys: readonly PublicProofKey[];
  /** Where its document says that it has moved; null = nowhere. */
  readonly movedToUri: string | null;
  readonly fetchedAt: Date;
}

const COLUMNS = `r.actor_id as "actorId", a.status, a.domain_severity = 'SUSPEND' as "isBarred", a.uri, r.host, r.inbox_url as "inboxUrl", r.shared_inbox_url as "sharedInboxUrl",
  r.followers_uri as "followersUri", r.featured_uri as "featuredUri", r.key_packages_uri as "keyPackagesUri", r.key_log_uri as "keyLogUri", r.key_id as "keyId", r.public_key_pem as "publicKeyPem", r.proof_keys as "proofKeys",
  r.moved_to_uri as "movedToUri", r.fetched_at as "fetchedAt"`;
const FROM = 'from remote_actors r join actors a on a.id = r.actor_id';
const BY_URI = statement('remote_actors.by_uri', `select ${COLUMNS} ${FROM} where a.uri = $1`);
const BY_URIS = statement(
  'remote_actors.by_uris',
  `select ${COLUMNS} ${FROM} where a.uri = any($1::text[])`,
);
// Each by the index of keys, however many there are of them.
const BY_KEYS = statement(
  'remote_actors.by_keys',
  `select asked.place, policy.severity = 'SUSPEND' as "isRefused", owner.*
   from jsonb_to_recordset($1::jsonb) as asked(place int, "signingKeyId" text, hosts text[])
     cross join lateral domain_policy(asked.hosts) policy
     left join lateral (select ${COLUMNS} ${FROM} where r.key_id = asked."signingKeyId" limit 1) owner on true`,
);
const HOST = statement('remote_actors.host', 'select host from remote_actors where actor_id = $1');
const SAVE = statement(
  'remote_actors.save',
  `insert into remote_actors (actor_id, host, inbox_url, shared_inbox_url, followers_uri, outbox_uri, key_id,
     public_key_pem, fetched_at, moved_to_uri, featured_uri, proof_keys, following_uri,
     key_packages_uri, key_log_uri) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb, $13, $14, $15)
   on conflict (actor_id) do update set host = excluded.host, inbox_url = excluded.inbox_url,
     shared_inbox_url = excluded.shared_inbox_url, followers_uri = excluded.followers_uri,
     outbox_uri = excluded.outbox_uri, key_id = excluded.key_id, public_key_pem = excluded.public_key_pem,
     fetched_at = excluded.fetched_at, moved_to_uri = excluded.moved_to_uri,
     featured_uri = excluded.featured_uri, proof_keys = excluded.proof_keys,
     following_uri = excluded.following_uri, key_packages_uri = excluded.key_packages_uri,
     key_log_uri = excluded.key_log_uri`,
);

const KEY_OF_OTHER = statement(
  'remote_actors.key_of_other',
  `select from remote_actors r join actors a on a.id = r.actor_id where r.key_id = $1 and a.uri <> $2`,
);

type SignatoryRow = Placed &
  Pick<Signatory, 'isRefused'> &
  (RemoteActor | { readonly actorId: null });

/** What is older is asked for again when somebody needs it. */
const FRESH_SECONDS = 24 * 60 * 60;

/** A remote actor as we know it; null when we do not. */
export function findRemoteActor(reader: Reader, uri: string): Promise<RemoteActor | null> {
  return reader.row<RemoteActor>(BY_URI, [uri]);
}

/** Those remote actors that are known, by identity. */
export async function findRemoteActors(
  reader: Reader,
  uris: readonly string[],
): Promise<ReadonlyMap<string, RemoteActor>> {
  const actors = await reader.rows<RemoteActor>(BY_URIS, [uris]);
  return new Map(actors.map((actor) => [actor.uri, actor]));
}

/** Whether an actor need not be asked for again before anything of it is carried out. */
export function isFresh({ fetchedAt }: RemoteActor, now: Date): boolean {
  return fetchedAt > addSeconds(now, -FRESH_SECONDS);
}

/** The server of a remote actor; null for everybody else. */
export async function hostOf(reader: Reader, actorId: ActorId): Promise<string | null> {
  return (await reader.row<{ host: string }>(HOST, [actorId]))?.host ?? null;
}

/** A key that signed something, and whose doing that is said to be. */
interface Signing {
  readonly keyId: string;
  readonly actorUri: string;
}

/** What is known of whoever signed something. */
interface Signatory {
  /** The staff has ruled out the server of the key, or that of the actor. */
  readonly isRefused: boolean;
  /** Null = nobody that we know has the key. */
  readonly owner: RemoteActor | null;
}

/** Looks up who signed. Those who ask at the same time ask together. */
export const findSignatory = gatheredFor(
  async (database: Database, signings: readonly Signing[]): Promise<Signatory[]> => {
    const questions = signings.map(({ keyId, actorUri }) => {
      const hosts = [keyId, actorUri].flatMap((uri) => URL.parse(uri)?.host ?? []);
      return { signingKeyId: keyId, hosts: [...new Set(hosts)] };
    });
    const rows = await database.rows<SignatoryRow>(BY_KEYS, [questionsValue(questions)]);
    const byPlace = new Map(rows.map((row) => [row.place, row]));
    return signings.map((_signing, place) => {
      const { place: _place, isRefused, ...owner } = byPlace.get(place)!;
      return { isRefused, owner: owner.actorId === null ? null : owner };
    });
  },
);

/**
 * A remote actor, asked for when it is unknown or was not asked for in a day. One whose server does not answer is as it
 * was.
 *
 * @throws {OutsideUnavailable} when its server does not answer and we do not know it
 * @throws {MalformedDocument} when we do not know it and there is no such actor
 */
export async function resolveActor(services: FetchServices, uri: string): Promise<RemoteActor> {
  const known = await findRemoteActor(services.database, uri);
  if (known && isFresh(known, services.clock.now())) return known;
  try {
    return await fetchActor(services, uri);
  } catch (error) {
    if (!known || !isAbsence(error)) throw error;
    services.log.debug({ err: error, uri }, 'actor could not be asked for again');
    return known;
  }
}

/**
 * Asks for an actor anew, whatever we know.
 *
 * @throws {OutsideUnavailable} when its server does not answer
 * @throws {MalformedDocument} when there is no such actor
 */
export async function fetchActor(services: FetchServices, uri: string): Promise<RemoteActor> {
  const read = readActor(await fetchDocument(services, uri));
  const handle = await findHandle(services, read.profile.username, read.profile.domain);
  if (handle.actorUri !== read.profile.uri || isOurs(services.config, read.profile.uri))
    throw new MalformedDocument('The handle belongs to somebody else.');
  if (!isUsername(handle.username)) throw new MalformedDocument('The handle is none.');
  const actor = await save(services, {
    ...read,
    profile: { ...read.profile, username: handle.username, domain: handle.domain },
  });
  await keepRemoteEmojis(services, actor.actorId, read.emojis);
  return actor;
}

/** Whether something is only not to be had, rather than broken here. */
export function isAbsence(error: unknown): error is OutsideUnavailable | MalformedDocument {
  return error instanceof OutsideUnavailable || error instanceof MalformedDocument;
}

async function save(
  { database, clock }: FetchServices,
  { profile, endpoints }: ReadActor,
): Promise<RemoteActor> {
  const now = clock.now();
  const host = new URL(profile.uri).host;
  return database.transaction(async (tx) => {
    await lockDomainRules(tx, 'SHARED');
    // On a server of many, nobody takes the key of a neighbour.
    if (await tx.row(KEY_OF_OTHER, [endpoints.keyId, profile.uri]))
      throw new MalformedDocument('The key belongs to another actor.');
    await meetInstance(tx, host, now);
    const saved = await saveRemoteActor(tx, profile, now);
    const { actorId } = saved;
    await mentionArrived(tx, profile.uri, actorId);
    const { inboxUrl, sharedInboxUrl, followersUri, outboxUri } = endpoints;
    const { keyId, publicKeyPem, movedToUri, featuredUri, proofKeys } = endpoints;
    const { followingUri, keyPackagesUri, keyLogUri } = endpoints;
    const reached = [inboxUrl, sharedInboxUrl, followersUri, outboxUri];
    const proofs = JSON.stringify(proofKeys);
    const more = [movedToUri, featuredUri, proofs, followingUri, keyPackagesUri, keyLogUri];
    await tx.rows(SAVE, [actorId, host, ...reached, keyId, publicKeyPem, now, ...more]);
    const [changed] = await followDomainRules(tx, [actorId], now);
    const { status, isBarred } = changed ?? saved;
    return { actorId, status, isBarred, uri: profile.uri, host, ...endpoints, fetchedAt: now };
  });
}
