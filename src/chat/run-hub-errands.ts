/** What hubs are to be told though nobody waits for it: tried until they have heard it. */
import type { ActorId } from '../actors/actor.entity.js';
import { addSeconds } from '../platform/clock.js';
import type { Services } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { DomainError } from '../platform/errors.js';
import { newId, type Id } from '../platform/ids.js';
import { hubErrandDue } from './chat.events.js';
import type { ConversationId } from './conversation.js';
import { submit } from './internal/mirror/ask-hub.js';
import { findMirror } from './internal/mirror/mirror.js';
import {
  isLeftAlone,
  keepAnswering,
  keepSilent,
  mayBeAsked,
} from './internal/mirror/silent-hubs.js';
import { HubUnreachable } from './mls.errors.js';

/** What can be told. */
export type HubErrandKind = 'leave' | 'leaveDevice' | 'accept';

/** Something to be told. */
export interface HubErrand {
  readonly conversationId: ConversationId;
  /** In whose name. */
  readonly actorId: ActorId;
  readonly kind: HubErrandKind;
  /** Of the device that it is about; null = it is about none. */
  readonly signatureKey: Buffer | null;
}

/** A hub that has not answered for so long will hear it from the commits of others. */
const LONGEST_DAYS = 30;
const DAY_SECONDS = 86_400;

const ADD = statement(
  'hub_errands.add',
  `insert into hub_errands (id, conversation_id, actor_id, kind, signature_key, asked_at) values ($1, $2, $3, $4, $5, $6)`,
);
const NEXT = statement(
  'hub_errands.next',
  `select id, conversation_id as "conversationId", actor_id as "actorId", kind, signature_key as "signatureKey"
   from hub_errands where conversation_id = $1 order by id limit 1`,
);
const DONE = statement('hub_errands.done', 'delete from hub_errands where id = $1');
const FORGET = statement('hub_errands.forget', 'delete from hub_errands where asked_at < $1');
const WAITING = statement(
  'hub_errands.waiting',
  `select distinct conversation.id from hub_errands errand join conversations conversation on conversation.id = errand.conversation_id
   where errand.asked_at < $1 and ${mayBeAsked('conversation', '$2::timestamptz')} limit 200`,
);

/** Keeps something to be told, in the transaction that causes it. */
export async function addHubErrand(tx: Transaction, errand: HubErrand, now: Date): Promise<void> {
  const { conversationId, actorId, kind, signatureKey } = errand;
  const id = newId<'huberrand'>(now);
  await tx.rows(ADD, [id, conversationId, actorId, kind, signatureKey, now]);
  await tx.append(hubErrandDue, { conversationId });
}

/** Tells the hub of a conversation what it is to be told, in order; what it refuses is settled. */
export async function runHubErrands(
  services: Pick<Services, 'database' | 'peers' | 'log' | 'clock'>,
  conversationId: ConversationId,
): Promise<void> {
  const { database, log, clock } = services;
  const mirror = await findMirror(database, conversationId);
  if (!mirror || (await isLeftAlone(database, mirror, clock.now()))) return;
  let next = await nextOf(services, conversationId);
  while (next) {
    const { id, kind, actorId, signatureKey } = next;
    const device = signatureKey && { device: signatureKey.toString('base64') };
    try {
      await submit(services, mirror, actorId, { kind, ...device });
    } catch (error) {
      if (error instanceof HubUnreachable) return keepSilent(database, mirror, clock.now());
      if (!(error instanceof DomainError)) throw error;
      log.debug({ err: error, kind }, 'a hub refused an errand');
    }
    await keepAnswering(database, mirror);
    await database.rows(DONE, [id]);
    next = await nextOf(services, conversationId);
  }
}

/** Conversations whose hubs have not answered, to be tried again; what is too old is let go. */
export async function waitingErrands(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  seconds: number,
): Promise<ConversationId[]> {
  const now = clock.now();
  await database.rows(FORGET, [addSeconds(now, -LONGEST_DAYS * DAY_SECONDS)]);
  const rows = await database.rows<{ id: ConversationId }>(WAITING, [
    addSeconds(now, -seconds),
    now,
  ]);
  return rows.map(({ id }) => id);
}

function nextOf(
  { database }: Pick<Services, 'database'>,
  id: ConversationId,
): Promise<(HubErrand & { readonly id: Id<'huberrand'> }) | null> {
  return database.row(NEXT, [id]);
}
