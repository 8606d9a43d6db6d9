/** Giving key packages of people here to those of other servers, each to one person alone. */
import type { ActorId } from '../actors/actor.entity.js';
import { blocksDomainOf } from '../actors/domain-blocks.queries.js';
import { addSeconds } from '../platform/clock.js';
import type { Services } from '../platform/context.js';
import { statement, type Reader, type Transaction } from '../platform/db/database.js';
import { keysVisibleTo } from './devices.queries.js';

/** For so long whoever asks again is given the same. */
const SAME_SECONDS = 10 * 60;
/** People of the servers of one domain are given so many packages of somebody in an hour; then the last resorts. */
const SITE_LIMIT = { name: 'key-reserve', points: 60, windowSeconds: 3600, failsClosed: false };

/** A key package as another server is shown it. */
export interface ShownOwnPackage {
  readonly id: string;
  readonly bytes: Buffer;
  readonly isLastResort: boolean;
  readonly createdAt: Date;
  readonly identityKey: Buffer;
  readonly identityVersion: number;
  readonly attestation: Buffer;
  readonly attestedAt: Date;
}

/** Who asks, and whose packages they want. */
export interface KeyQuestion {
  readonly ownerId: ActorId;
  /** Null = nobody in particular. */
  readonly requesterId: ActorId | null;
  /** The domain of the requester's server; null = only last resorts are wanted. */
  readonly site: string | null;
}

const VISIBLE = statement(
  'key_reservations.visible',
  `select from actors owner where owner.id = $1 and ${keysVisibleTo('owner', '$2::uuid')}
     and not ${blocksDomainOf('owner.id', '$2::uuid')}`,
);
// Whoever asks twice at once is served one after the other.
const LOCK = statement(
  'key_reservations.lock',
  `insert into key_claim_allowances as used (requester_id, target_id, used_until) values ($1, $2, $3)
   on conflict (requester_id, target_id) do update set used_until = used.used_until returning used_until as "usedUntil"`,
);
const HELD = `select distinct on (package.device_id) package.id from chat_key_packages package
   join chat_devices device on device.id = package.device_id
   where device.actor_id = $1 and device.revoked_at is null and package.claimed_by = $2 and package.claimed_at > $3
     and package.consumed_at is null and not package.is_last_resort and package.expires_at > $4
   order by package.device_id, package.claimed_at desc, package.id`;
const LACKING = `device.actor_id = $1 and device.revoked_at is null
  and device.id not in (select device_id from chat_key_packages where id in (${HELD}))`;
const LACKS = statement(
  'key_reservations.lacks',
  `select from chat_devices device where ${LACKING} limit 1`,
);
const RESERVE = statement(
  'key_reservations.reserve',
  `with lacking as (
     select device.id from chat_devices device where ${LACKING}
   ), picked as materialized (
     select package.id from lacking cross join lateral (
       select id from chat_key_packages where device_id = lacking.id and claimed_at is null and not is_last_resort
         and expires_at > $4 order by position for update skip locked limit 1) package
   )
   update chat_key_packages package set claimed_at = $4, claimed_by = $2 from picked where package.id = picked.id
   returning package.id`,
);
const USE = statement(
  'key_reservations.use',
  `update key_claim_allowances set used_until = greatest(used_until, $3::timestamptz) + interval '10 minutes'
   where requester_id = $1 and target_id = $2`,
);
const FIELDS = `package.id, package.data as bytes, package.is_last_resort as "isLastResort", package.created_at as "createdAt",
  identity.public_key as "identityKey", device.identity_version as "identityVersion", device.attestation,
  device.attested_at as "attestedAt"`;
const TABLES = `chat_key_packages package join chat_devices device on device.id = package.device_id
  join chat_identities identity on identity.actor_id = device.actor_id`;
const SHOWN = statement(
  'key_reservations.shown',
  `select distinct on (device.id) ${FIELDS} from ${TABLES}
   where device.actor_id = $1 and device.revoked_at is null and package.expires_at > $4 and (package.id in (${HELD})
     or package.is_last_resort and package.superseded_at is null)
   order by device.id, package.is_last_resort`,
);
const ONE = statement(
  'key_reservations.one',
  `select ${FIELDS} from ${TABLES} where device.actor_id = $1 and package.id = $5 and device.revoked_at is null
     and package.expires_at > $4 and (package.id in (${HELD}) or package.is_last_resort and package.superseded_at is null)`,
);

/**
 * One package of each device of somebody, for whoever asks: for ten minutes the same ones, which nobody else is given.
 * Who asks in nobody's name, or too often, is given the last resorts. Nothing for those from whom the person or the server hides.
 */
export async function reserveKeyPackages(
  services: Pick<Services, 'database' | 'clock' | 'rateLimiter'>,
  question: KeyQuestion,
): Promise<ShownOwnPackage[]> {
  const { database, rateLimiter } = services;
  const { ownerId, requesterId, site } = question;
  if (!(await database.row(VISIBLE, [ownerId, requesterId]))) return [];
  const now = services.clock.now();
  const values = valuesOf(question, now);
  // Whoever has what they asked for before uses up nothing.
  if (requesterId !== null && site !== null && (await database.row(LACKS, values))) {
    const { isExceeded } = await rateLimiter.charge(SITE_LIMIT, `${ownerId} ${site}`);
    if (!isExceeded) await database.transaction((tx) => reserve(tx, requesterId, ownerId, now));
  }
  return database.rows<ShownOwnPackage>(SHOWN, values);
}

/** One of these packages; null when there is none, or not for whoever asks. */
export async function findShownPackage(
  reader: Reader,
  question: Omit<KeyQuestion, 'site'>,
  packageId: string,
  now: Date,
): Promise<ShownOwnPackage | null> {
  const { ownerId, requesterId } = question;
  if (!(await reader.row(VISIBLE, [ownerId, requesterId]))) return null;
  return reader.row<ShownOwnPackage>(ONE, [...valuesOf(question, now), packageId]);
}

async function reserve(
  tx: Transaction,
  requesterId: ActorId,
  ownerId: ActorId,
  now: Date,
): Promise<void> {
  const lock = [requesterId, ownerId, now];
  const { usedUntil } = (await tx.row<{ usedUntil: Date }>(LOCK, lock))!;
  // Six at once, and one more for every ten minutes that pass.
  if (usedUntil > addSeconds(now, 5 * SAME_SECONDS)) return;
  const reserved = await tx.rows(RESERVE, valuesOf({ ownerId, requesterId }, now));
  if (reserved.length > 0) await tx.rows(USE, lock);
}

function valuesOf({ ownerId, requesterId }: Omit<KeyQuestion, 'site'>, now: Date): unknown[] {
  return [ownerId, requesterId, addSeconds(now, -SAME_SECONDS), now];
}
