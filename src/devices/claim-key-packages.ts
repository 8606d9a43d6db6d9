/** Taking key packages of people, each of which only one gets. */
import type { ActorId } from '../actors/actor.entity.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Reader, type Transaction } from '../platform/db/database.js';
import { Invalid, NotFound, TooMany } from '../platform/errors.js';
import { requireRate } from '../platform/require-rate.js';
import { requireViewer } from '../platform/require-viewer.js';
import { isShown } from '../posts/visibility.js';
import { ACTORS_PER_CLAIM, type ChatDeviceId, type ClaimedKeyPackage } from './device.js';
import { keysVisibleTo } from './devices.queries.js';

const LIMIT = { name: 'key-claim', points: 2000, windowSeconds: 3600, failsClosed: false };

/** Whose key packages are wanted. */
export interface KeyClaim {
  readonly actorIds: readonly ActorId[];
  /** Devices that need none: that of the viewer who asks. */
  readonly exceptDeviceIds: readonly ChatDeviceId[];
}

/** Takes key packages of people of other servers; what their servers do not give in time is left out. */
export type AsksOutside = (actorIds: readonly ActorId[]) => Promise<readonly ClaimedKeyPackage[]>;

/** What there was to have. */
export interface ClaimedKeys {
  readonly keyPackages: readonly ClaimedKeyPackage[];
  /** People who cannot be taken into an encrypted conversation by the viewer, for whatever reason. */
  readonly withoutPackages: readonly ActorId[];
}

const THERE = statement(
  'key_claims.there',
  `select a.id, a.domain is not null as "isRemote", ${keysVisibleTo('a', '$2::uuid')} as "isVisible" from actors a
   where a.id = any($1::uuid[]) and ${isShown('a.status')} and a.domain_severity <> 'SUSPEND'`,
);

// Six at once, and one more for every ten minutes that pass: `used_until` is when all of them are back.
const ALLOW = statement(
  'key_claims.allow',
  `insert into key_claim_allowances as used (requester_id, target_id, used_until)
   select $1::uuid, target, $3::timestamptz + interval '10 minutes' from unnest($2::uuid[]) as target order by target
   on conflict (requester_id, target_id) do update
     set used_until = greatest(used.used_until, $3::timestamptz) + interval '10 minutes'
     where greatest(used.used_until, $3::timestamptz) <= $3::timestamptz + interval '50 minutes'
   returning target_id as id`,
);

const CLAIM = statement(
  'key_claims.claim',
  `with wanted as (
     select device.id, device.actor_id, device.actor_id = any($2::uuid[]) as is_allowed from chat_devices device
     where device.actor_id = any($1::uuid[]) and device.revoked_at is null and device.id <> all($3::uuid[])
   ), picked as materialized (
     select package.id from wanted cross join lateral (
       select id from chat_key_packages where device_id = wanted.id and wanted.is_allowed and claimed_at is null
         and not is_last_resort and expires_at > $4 order by position for update skip locked limit 1) package
   ), taken as (
     update chat_key_packages package set claimed_at = $4 from picked where package.id = picked.id returning package.*
   ), given as (
     select * from taken union all
     select package.* from chat_key_packages package join wanted on wanted.id = package.device_id
     where package.is_last_resort and package.superseded_at is null and package.expires_at > $4
       and not exists (select from taken where taken.device_id = package.device_id)
   )
   select given.ref, given.device_id as "deviceId", wanted.actor_id as "actorId", given.data as bytes,
     given.is_last_resort as "isLastResort", given.ciphersuite, given.expires_at as "expiresAt"
   from given join wanted on wanted.id = given.device_id order by wanted.actor_id, wanted.id`,
);

/**
 * Takes one key package of each valid device of people. None is ever given to two, but the last resort of a device that
 * has no other one, or of somebody whom the viewer asks too often. Of people of other servers it is what these give. Opens
 * its own transaction.
 *
 * @throws {Invalid} INVALID_INPUT for nobody
 * @throws {TooMany} LIMIT_EXCEEDED for more than 100 people
 * @throws {NotFound} NOT_FOUND with the place of whom
 * @throws {RateLimited} RATE_LIMITED for more than 2,000 people in an hour
 */
export async function claimKeyPackages(
  context: CommandContext,
  { actorIds, exceptDeviceIds }: KeyClaim,
  askOutside: AsksOutside,
): Promise<ClaimedKeys> {
  const viewer = requireViewer(context);
  requireSize(actorIds);
  await requireRate(context, LIMIT, viewer.accountId, actorIds.length);
  const visible = await requireThere(context.database, viewer.actorId, actorIds);
  const idsOf = (isRemote: boolean): ActorId[] =>
    visible.filter((one) => one.isRemote === isRemote).map(({ id }) => id);
  const ours = await claimOurs(context, viewer.actorId, idsOf(false), exceptDeviceIds);
  const theirs = idsOf(true).length > 0 ? await askOutside(idsOf(true)) : [];
  const excepted = new Set(exceptDeviceIds);
  const keyPackages = [...ours, ...theirs.filter(({ deviceId }) => !excepted.has(deviceId))];
  const served = new Set(keyPackages.map(({ actorId }) => actorId));
  const withoutPackages = [...new Set(actorIds)].filter((id) => !served.has(id));
  return { keyPackages, withoutPackages };
}

function claimOurs(
  { database, clock }: CommandContext,
  viewerId: ActorId,
  actorIds: readonly ActorId[],
  exceptDeviceIds: readonly ChatDeviceId[],
): Promise<ClaimedKeyPackage[]> {
  const now = clock.now();
  return database.transaction(async (tx) => {
    const allowed = await allow(tx, viewerId, actorIds, now);
    return tx.rows<ClaimedKeyPackage>(CLAIM, [actorIds, allowed, exceptDeviceIds, now]);
  });
}

function requireSize(actorIds: readonly ActorId[]): void {
  if (actorIds.length === 0) throw new Invalid('There is nobody.', ['actorIds'], 'MIN_ITEMS', '1');
  if (actorIds.length > ACTORS_PER_CLAIM)
    throw new TooMany(`At most ${ACTORS_PER_CLAIM} people.`, ACTORS_PER_CLAIM, ['actorIds']);
}

/** Somebody whose keys the viewer sees. */
interface VisibleActor {
  readonly id: ActorId;
  readonly isRemote: boolean;
}

/** Those whose keys the viewer sees; the others look as if they did not chat. */
async function requireThere(
  reader: Reader,
  viewerId: ActorId,
  actorIds: readonly ActorId[],
): Promise<VisibleActor[]> {
  const rows = await reader.rows<VisibleActor & { isVisible: boolean }>(THERE, [
    actorIds,
    viewerId,
  ]);
  const there = new Set(rows.map(({ id }) => id));
  const missing = actorIds.findIndex((id) => !there.has(id));
  if (missing >= 0) throw new NotFound(['actorIds', String(missing)]);
  return rows.filter(({ isVisible }) => isVisible);
}

/** Those of whom the viewer may have more than the last resort now; oneself always. */
async function allow(
  tx: Transaction,
  viewerId: ActorId,
  targetIds: readonly ActorId[],
  now: Date,
): Promise<ActorId[]> {
  const others = targetIds.filter((id) => id !== viewerId);
  const rows = await tx.rows<{ id: ActorId }>(ALLOW, [viewerId, others, now]);
  return [viewerId, ...rows.map(({ id }) => id)];
}
