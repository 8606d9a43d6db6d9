/** Welcomes of servers that know no hub, which wait until a message says of which group they are. */
import type { ActorId } from '../../../actors/actor.entity.js';
import type { ChatDeviceId } from '../../../devices/device.js';
import { addSeconds } from '../../../platform/clock.js';
import { statement, type Transaction } from '../../../platform/db/database.js';
import { newId } from '../../../platform/ids.js';
import type { ChatMessageId } from '../../conversation.js';

/** A Welcome for devices of people here. */
export interface DraftWelcome {
  readonly uri: string;
  readonly senderId: ActorId;
  /** What its server calls the conversation; null = nothing. */
  readonly contextUri: string | null;
  readonly data: Buffer;
  readonly deviceIds: readonly ChatDeviceId[];
}

/** Of one sender so many wait, for so long. */
const MOST_WAITING = 20;
const WAITING_SECONDS = 7 * 24 * 3600;

const PRUNE = statement(
  'draft_welcomes.prune',
  `delete from draft_welcomes where sender_id = $1 and (received_at < $2 or id in (
     select id from draft_welcomes where sender_id = $1 order by received_at desc, id offset ${MOST_WAITING - 1}))`,
);
const INSERT = statement(
  'draft_welcomes.insert',
  `insert into draft_welcomes (id, uri, sender_id, context_uri, data, device_ids, received_at)
   values ($1, $2, $3, $4, $5, $6, $7) on conflict (uri) do nothing`,
);
// The newest one is that of what comes next; of several devices each may have its own.
const TAKE = statement(
  'draft_welcomes.take',
  `delete from draft_welcomes where id in (select id from draft_welcomes
     where sender_id = $1 and context_uri is not distinct from $2 and received_at >= $3 order by received_at desc, id limit 6)
   returning uri, sender_id as "senderId", context_uri as "contextUri", data, device_ids as "deviceIds"`,
);

/** Lets one wait; the oldest of too many is forgotten. */
export async function letWelcomeWait(
  tx: Transaction,
  { uri, senderId, contextUri, data, deviceIds }: DraftWelcome,
  now: Date,
): Promise<void> {
  await tx.rows(PRUNE, [senderId, addSeconds(now, -WAITING_SECONDS)]);
  const id: ChatMessageId = newId(now);
  await tx.rows(INSERT, [id, uri, senderId, contextUri, data, deviceIds, now]);
}

/** Takes those of a sender that are of this conversation. */
export function takeWelcomes(
  tx: Transaction,
  senderId: ActorId,
  contextUri: string | null,
  now: Date,
): Promise<DraftWelcome[]> {
  const since = addSeconds(now, -WAITING_SECONDS);
  return tx.rows<DraftWelcome>(TAKE, [senderId, contextUri, since]);
}
