/**
 * Carries out what other servers sent, many activities in one transaction: what each of them costs alone is mostly the way
 * to the database. What asks others or needs a transaction of its own is carried out apart, and so is what the same actor
 * sent after it, until that is done. What is refused before it has changed anything is done with that.
 */
import { LRUCache } from 'lru-cache';
import type { ActorId } from '../../actors/actor.entity.js';
import type { JobContext } from '../../platform/context.js';
import { NeedsOwnTransaction, statement, type Transaction } from '../../platform/db/database.js';
import { JointFailure } from '../../platform/db/joint-failure.js';
import type { HttpClient } from '../../platform/http-client.js';
import { defineJob } from '../../platform/jobs/job.js';
import { ending, endedWithNothingLeft } from '../../platform/jobs/underway.js';
import { siteOf } from '../../platform/site-of.js';
import { activityApart, type ReceivedActivityId } from '../federation.events.js';
import { checkActivity } from '../internal/check-activity.js';
import type { JsonObject } from '../internal/read-document.js';
import { outcomesOf } from '../internal/joint-outcomes.js';
import { touchedBy, Turns, type Touched } from '../internal/shareable.js';
import { findStillApart } from '../internal/still-apart.js';
import { carryOut, refusalOf, UNDONE, withoutContent } from '../receive/carry-out.js';
import { findRemoteActors, isFresh, type RemoteActor } from '../resolve-actor.js';

const BATCH = 64;
/** How long whoever has spoilt a batch shares none with others, in ms. */
const SPOILT_MS = 10 * 60_000;

const WAITING = 'r.handled_at is null and not r.is_apart';
const NEXT = statement(
  'received_activities.next',
  `select r.id, r.actor_uri as "actorUri", r.body, r.received_at as "receivedAt", coalesce(a.id, r.id) as "actorId",
     exists (select from remote_tombstones t where t.uri = r.activity_uri and t.actor_uri = r.actor_uri) as "isUndone",
     exists (select from received_activities e where e.actor_uri = r.actor_uri and e.handled_at is null and e.is_apart) as "isHeld",
     exists (select from graphile_worker._private_jobs where id = $1 and key is null) as "isReplaced"
   from received_activities r left join actors a on a.uri = r.actor_uri
   where ${WAITING} order by r.id limit ${BATCH}`,
);
const END = ending('received_activities.end', `select from received_activities r where ${WAITING}`);
const HANDLED = statement(
  'received_activities.all_handled',
  `update received_activities r set handled_at = $2, refusal = done.refusal, body = done.body
   from jsonb_to_recordset($1::jsonb) as done(id uuid, refusal text, body jsonb) where r.id = done.id`,
);
const SET_APART = statement(
  'received_activities.set_apart',
  `update received_activities set is_apart = true where id = any($1::uuid[]) and handled_at is null`,
);

interface Row {
  readonly id: ReceivedActivityId;
  readonly actorUri: string;
  readonly actorId: ActorId;
  readonly body: JsonObject;
  readonly receivedAt: Date;
  /** Its actor took it back before it came. */
  readonly isUndone: boolean;
  /** Something that its actor sent earlier is carried out apart. */
  readonly isHeld: boolean;
  /** Another job waits for the end of this one, to do the rest. */
  readonly isReplaced: boolean;
}

/** One that is carried out with others. */
interface Shared extends Row {
  readonly sender: RemoteActor;
  readonly touched: Touched;
}

interface Plan {
  readonly shared: readonly Shared[];
  readonly apart: readonly Row[];
}

type Senders = ReadonlyMap<string, RemoteActor>;

/** One at a time in all processes; it ends when nothing waits, so that none is asked for while it is underway. */
export const receiveTogether = defineJob<Record<string, never>>(
  'receiveTogether',
  async (context) => {
    do {
      while (await receiveBatch(context));
    } while (!(await endedWithNothingLeft(context.database, context.jobId, END)));
  },
  { keyOf: () => 'all', queueOf: () => 'all' },
);

/** True when there may be more that nobody else waits to do. */
async function receiveBatch(context: JobContext): Promise<boolean> {
  const rows = await context.database.rows<Row>(NEXT, [context.jobId]);
  if (rows.length === 0) return false;
  const uris = [...new Set(rows.map(({ actorUri }) => actorUri))];
  const { shared, apart } = planFor(context, rows, await findRemoteActors(context.database, uris));
  await setApart(context, apart);
  for (const group of groupsOf(shared)) await carryOutGroup(context, group);
  return rows.some(({ isReplaced }) => !isReplaced);
}

/** Registered domains of whose activities one undid what all of a batch had done. */
const spoilers = new LRUCache<string, true>({ max: 1_000, ttl: SPOILT_MS });

/** Whoever has spoilt what others shared with it shares with its own for a while. */
function groupsOf(shared: readonly Shared[]): Shared[][] {
  const groupOf = ({ sender }: Shared): string => {
    const site = siteOf(sender.host);
    return spoilers.has(site) ? site : '';
  };
  return [...Map.groupBy(shared, groupOf).values()];
}

async function carryOutGroup(context: JobContext, group: readonly Shared[]): Promise<void> {
  try {
    await carryOutAll(context, group);
  } catch (error) {
    if (!(error instanceof JointFailure)) throw error;
    context.log.debug({ err: error.cause }, 'activities are carried out apart');
    const failed = error.places.map((place) => group[place]!);
    if (failed.length < group.length)
      for (const { sender } of failed) spoilers.set(siteOf(sender.host), true);
    await setApart(context, ofActors(group, new Set(failed.map(({ actorUri }) => actorUri))));
  }
}

/** With all else of the same actors, so that it stays in its order. */
function ofActors(group: readonly Shared[], actorUris: ReadonlySet<string>): Shared[] {
  return group.filter(({ actorUri }) => actorUris.has(actorUri));
}

/** In their order. What cannot be decided before others of the same actor are done waits for the next time. */
function planFor({ clock }: JobContext, rows: readonly Row[], senders: Senders): Plan {
  const [held, met, ended] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const [shared, apart]: [Shared[], Row[]] = [[], []];
  for (const row of rows) {
    const { actorUri, body, isHeld } = row;
    if (ended.has(actorUri)) continue;
    const sender = senders.get(actorUri);
    const touched = touchedBy(body);
    const isApart =
      isHeld || held.has(actorUri) || !touched || !sender || !isFresh(sender, clock.now());
    // An Undo looks at what was carried out before, and what comes after it looks at the Undo.
    const isUndo = body['type'] === 'Undo';
    if ((isApart || isUndo) && met.has(actorUri)) ended.add(actorUri);
    else if (isApart) {
      held.add(actorUri);
      apart.push(row);
    } else {
      met.add(actorUri);
      if (isUndo) ended.add(actorUri);
      shared.push({ ...row, sender, touched: { ...touched, own: [actorUri, ...touched.own] } });
    }
  }
  return { shared, apart };
}

async function setApart({ database }: JobContext, apart: readonly Row[]): Promise<void> {
  if (apart.length > 0) await database.transaction((tx) => writeApart(tx, apart));
}

async function writeApart(tx: Transaction, apart: readonly Row[]): Promise<void> {
  if (apart.length === 0) return;
  await tx.rows(SET_APART, [apart.map(({ id }) => id)]);
  for (const { id, actorId } of apart) await tx.append(activityApart, { receivedId: id, actorId });
}

async function carryOutAll(context: JobContext, group: readonly Shared[]): Promise<void> {
  const turns = new Turns();
  const stopped = new Set<string>();
  const about = group.flatMap(({ touched }) => touched.joined);
  const underway = await findStillApart(context, about, null);
  const works = group.map(
    (one) => () => turns.take(one.touched, () => carryOutShared(context, one, stopped)),
  );
  await context.database.together(works, async (tx, ends) => {
    const outcomes = outcomesOf(group, ends, underway);
    const done = group.flatMap(({ id, body }, place) => {
      const outcome = outcomes[place];
      return outcome ? [{ id, refusal: outcome.refusal, body: withoutContent(body) }] : [];
    });
    await tx.rows(HANDLED, [JSON.stringify(done), context.clock.now()]);
    await writeApart(
      tx,
      group.filter((_one, place) => !outcomes[place]),
    );
  });
}

/** @param stopped actors of whom something has to be carried out apart: what they sent after it waits for that */
async function carryOutShared(
  context: JobContext,
  { body, sender, receivedAt, isUndone }: Shared,
  stopped: Set<string>,
): Promise<string | null> {
  if (isUndone) return UNDONE;
  if (stopped.has(sender.uri)) throw new NeedsOwnTransaction();
  const jobId = `${context.jobId}.${receivedAt.getTime()}`;
  try {
    return await carryOut({ ...context, jobId, http: NOBODY }, checkActivity(body), sender);
  } catch (error) {
    if (refusalOf(error) === null) stopped.add(sender.uri);
    throw error;
  }
}

/** Nobody outside is asked while a transaction that others share is open. */
const NOBODY = new Proxy({} as HttpClient, {
  get: () => () => Promise.reject(new NeedsOwnTransaction()),
});
