/** Writes notifications and who is behind them. Groups are locked in one order, so that writers never wait in a circle. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import { newId } from '../../platform/ids.js';
import { KINDS_WITHOUT_ACTORS, type NotificationId } from '../notification-kinds.js';
import type { Cause } from '../notify.js';
import type { AdmittedCause } from './admission.js';

/** A notification that is locked until the end of the transaction. */
export interface OpenGroup {
  readonly id: NotificationId;
  readonly recipientId: ActorId;
  readonly kind: Cause['kind'];
  readonly groupKey: string;
}

const INSERT = statement(
  'notifications.open',
  `insert into notifications (id, recipient_id, kind, group_key, post_id, story_id, starter_pack_id, detail, has_actors, position, happened_at)
   select g.id, g."recipientId", g.kind, g."groupKey", g."postId", g."storyId", g."starterPackId", coalesce(g.detail, '{}'), g."hasActors", g.id, $2
   from jsonb_to_recordset($1::jsonb)
     as g(id uuid, "recipientId" uuid, kind text, "groupKey" text, "postId" uuid, "storyId" uuid, "starterPackId" uuid, detail jsonb, "hasActors" boolean)
   order by g."recipientId", g.kind, g."groupKey"
   on conflict (recipient_id, kind, group_key) do nothing`,
);
const LOCK = statement(
  'notifications.lock',
  `select n.id, n.recipient_id as "recipientId", n.kind, n.group_key as "groupKey"
   from jsonb_to_recordset($1::jsonb) as g("recipientId" uuid, kind text, "groupKey" text)
   join notifications n on n.recipient_id = g."recipientId" and n.kind = g.kind and n.group_key = g."groupKey"
   order by n.id for update of n`,
);
// Who comes back after an undo joins again, but is no news.
const JOIN = statement(
  'notifications.join',
  `insert into notification_actors (notification_id, actor_id, id, state)
   select j."notificationId", j."actorId", j.id, j.state
   from jsonb_to_recordset($1::jsonb) as j("notificationId" uuid, "actorId" uuid, id uuid, state text)
   order by j."notificationId", j."actorId"
   on conflict (notification_id, actor_id) do update set state = excluded.state
     where notification_actors.state = 'GONE'
   returning notification_id as "notificationId", state, xmax = 0 as "isNew"`,
);
const RENEW = statement(
  'notifications.renew',
  `update notifications n set position = r.position, happened_at = $2
   from jsonb_to_recordset($1::jsonb) as r(id uuid, position uuid) where n.id = r.id`,
);
const RECOUNT = statement(
  'notifications.recount',
  `update notifications n set actor_count = (
     select count(*) from notification_actors a where a.notification_id = n.id and a.state = 'SHOWN')
   where n.id = any($1::uuid[])`,
);

/** Makes the groups of causes where there are none yet, and locks all of them. */
export async function openGroups(
  tx: Transaction,
  causes: readonly Cause[],
  now: Date,
): Promise<OpenGroup[]> {
  const distinct = new Map(causes.map((cause) => [keyOf(cause), cause]));
  const groups = JSON.stringify(
    [...distinct.values()].map((cause) => ({
      ...cause,
      id: newId(now),
      hasActors: !KINDS_WITHOUT_ACTORS.includes(cause.kind),
    })),
  );
  await tx.rows(INSERT, [groups, now]);
  return tx.rows<OpenGroup>(LOCK, [groups]);
}

interface Joined {
  readonly notificationId: NotificationId;
  readonly state: AdmittedCause['state'];
  readonly isNew: boolean;
}

/**
 * Adds the actors of causes to their groups and counts.
 *
 * @returns groups with something new to tell: they have moved to the top
 */
export async function joinGroups(
  tx: Transaction,
  groups: readonly OpenGroup[],
  causes: readonly AdmittedCause[],
  now: Date,
): Promise<OpenGroup[]> {
  const byKey = new Map(groups.map((group) => [keyOf(group), group]));
  const joins = new Map(
    causes.flatMap((cause) => {
      const group = byKey.get(keyOf(cause));
      if (!group || cause.actorId === null) return [];
      const { actorId, state } = cause;
      return [[`${group.id} ${actorId}`, { notificationId: group.id, actorId, state }] as const];
    }),
  );
  const places = newPlaces(joins.size, now);
  const rows = [...joins.values()].map((join, index) => ({ ...join, id: places[index] }));
  const joined = await tx.rows<Joined>(JOIN, [JSON.stringify(rows)]);
  const fresh = joined.filter(({ state, isNew }) => isNew && state === 'SHOWN');
  const freshIds = new Set(fresh.map(({ notificationId }) => notificationId));
  const positions = newPlaces(freshIds.size, now);
  const renewals = [...freshIds].map((id, index) => ({ id, position: positions[index] }));
  await tx.rows(RENEW, [JSON.stringify(renewals), now]);
  await countActors(
    tx,
    joined.map(({ notificationId }) => notificationId),
  );
  const isWithoutActors = ({ kind }: OpenGroup): boolean => KINDS_WITHOUT_ACTORS.includes(kind);
  return groups.filter((group) => freshIds.has(group.id) || isWithoutActors(group));
}

/** Makes the counters of groups right. Their caller holds the groups' locks. */
export async function countActors(tx: Transaction, ids: readonly NotificationId[]): Promise<void> {
  if (ids.length > 0) await tx.rows(RECOUNT, [ids]);
}

/** Ids in ascending order: of what is written together, the later stands higher. */
function newPlaces(count: number, now: Date): string[] {
  return Array.from({ length: count }, () => newId(now)).toSorted();
}

function keyOf({ recipientId, kind, groupKey }: Omit<OpenGroup, 'id'>): string {
  return `${recipientId} ${kind} ${groupKey}`;
}
