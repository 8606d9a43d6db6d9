/** Notes that came before what they answer: they wait until that is known, or cannot be had. */
import type { ActorId } from '../../actors/actor.entity.js';
import type { Services } from '../../platform/context.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import type { IdentifiedDocument } from '../internal/fetch-document.js';
import { noteWaiting } from '../federation.events.js';

/** So many notes of one author wait at once, and so many for one host: the rest is kept without what it answers. */
const MOST_OF_AUTHOR = 50;
const MOST_FOR_HOST = 500;

// Those of one host are added one after the other, or the bound would be none.
const LOCK = statement(
  'waiting_notes.lock',
  'select pg_advisory_xact_lock(hashtextextended($1, 76))',
);
const COUNT = statement(
  'waiting_notes.count',
  `select (select count(*)::int from (select from waiting_notes where actor_id = $1 limit ${MOST_OF_AUTHOR}) own) as own,
     (select count(*)::int from (select from waiting_notes where parent_host = $2 limit ${MOST_FOR_HOST}) same) as same`,
);
const ADD = statement(
  'waiting_notes.add',
  `insert into waiting_notes (uri, parent_uri, parent_host, actor_id, document, created_at) values ($1, $2, $3, $4, $5::jsonb, $6)
   on conflict (uri) do update set document = excluded.document, parent_uri = excluded.parent_uri,
     parent_host = excluded.parent_host where waiting_notes.actor_id = excluded.actor_id`,
);
const DROP = statement('waiting_notes.drop', 'delete from waiting_notes where uri = $1');
const FIND = statement(
  'waiting_notes.of_parent',
  `select w.uri, w.document, a.uri as "authorUri" from waiting_notes w join actors a on a.id = w.actor_id
   where parent_uri = $1 order by w.created_at, w.uri limit 100`,
);

/** A note that waits, as it was sent. */
export interface WaitingNote {
  readonly uri: string;
  readonly document: IdentifiedDocument;
  readonly authorUri: string;
}

/**
 * Lets a note wait for what it answers, which is asked for once however many wait for it.
 *
 * @returns false when too many wait already
 */
export function letWait(
  { database, clock }: Services,
  actorId: ActorId,
  document: IdentifiedDocument,
  parentUri: string,
): Promise<boolean> {
  const { host } = new URL(parentUri);
  return database.transaction(async (tx) => {
    await tx.rows(LOCK, [host]);
    const { own, same } = (await tx.row<{ own: number; same: number }>(COUNT, [actorId, host]))!;
    if (own >= MOST_OF_AUTHOR || same >= MOST_FOR_HOST) return false;
    const now = clock.now();
    const values = [document.id, parentUri, host, actorId, JSON.stringify(document), now];
    await tx.rows(ADD, values);
    await tx.append(noteWaiting, { parentUri });
    return true;
  });
}

/** What waits for something, the oldest first, at most 100 at a time. */
export function findWaiting({ database }: Services, parentUri: string): Promise<WaitingNote[]> {
  return database.rows<WaitingNote>(FIND, [parentUri]);
}

/** Ends the wait of a note. */
export async function endWait(tx: Transaction, uri: string): Promise<void> {
  await tx.rows(DROP, [uri]);
}
