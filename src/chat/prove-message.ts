/** Checking what somebody says that they were written inside the encryption. */
import type { ActorId } from '../actors/actor.entity.js';
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { Invalid, NotFound } from '../platform/errors.js';
import { conversationUriOf, type ConversationId } from './conversation.js';
import { isFrankedBy, isFrankedHere, SALT_BYTES, tagOf, type FrankedFacts } from './franking.js';
import { fetchHubDocument } from './internal/mirror/ask-hub.js';

/** What somebody says, and what is to prove it. */
export interface MessageClaim {
  readonly conversationId: ConversationId;
  /** When the server of the conversation accepted it, as it said. */
  readonly acceptedAt: Date;
  /** What was encrypted. */
  readonly data: Buffer;
  /** Secret of the tag. */
  readonly salt: Buffer;
  /** What the server of the conversation said of it. */
  readonly frank: Buffer;
}

/** Who is said to have written it, and who says so. */
export interface ClaimParties {
  readonly senderId: ActorId;
  readonly claimantId: ActorId;
}

/** A message of which it is certain who wrote it. */
export interface ProvenMessage {
  /** Domain of the server whose word it is. */
  readonly provenBy: string;
}

type ProvingServices = Pick<CommandContext, 'database' | 'sealer' | 'config' | 'peers'>;

interface Facts {
  readonly senderUri: string | null;
  /** Null = this server orders the conversation. */
  readonly hubUri: string | null;
  /** False: another server says it of somebody here who was never in it. */
  readonly canHaveWritten: boolean;
}

// Whoever blocked the sender, or left, was in it all the same.
const FACTS = statement(
  'conversations.claimed',
  `select (select uri from actors where id = $3) as "senderUri", conversation.hub_uri as "hubUri",
     conversation.hub_uri is null or exists (select from actors where id = $3 and domain is not null)
       or exists (select from conversation_devices where conversation_id = conversation.id and actor_id = $3) as "canHaveWritten"
   from conversations conversation
   where conversation.id = $1 and conversation.encryption = 'MLS' and (
     exists (select from conversation_members where conversation_id = conversation.id and actor_id = $2)
     or exists (select from conversation_devices where conversation_id = conversation.id and actor_id = $2))`,
);

/**
 * @param path of the claim, for refusals
 * @throws {NotFound} NOT_FOUND for a conversation in which the claimant never was
 * @throws {HubUnreachable} HUB_UNREACHABLE when another server orders the conversation and cannot be asked for its key
 * @throws {Invalid} UNPROVEN_MESSAGE when it was not written so, not by them, not there or not then
 */
export async function proveMessage(
  services: ProvingServices,
  { conversationId, acceptedAt, data, salt, frank }: MessageClaim,
  { senderId, claimantId }: ClaimParties,
  path: readonly string[],
): Promise<ProvenMessage> {
  const asked = [conversationId, claimantId, senderId];
  const facts = await services.database.row<Facts>(FACTS, asked);
  if (!facts) throw new NotFound([...path, 'conversationId']);
  const { senderUri, hubUri, canHaveWritten } = facts;
  const conversationUri = hubUri ?? conversationUriOf(services.config, conversationId);
  const isProven =
    salt.length === SALT_BYTES &&
    senderUri !== null &&
    canHaveWritten &&
    (await isFranked(services, hubUri, frank, {
      tag: tagOf(salt, data),
      senderUri,
      conversationUri,
      acceptedAt,
    }));
  if (!isProven)
    throw new Invalid(
      'The server of the conversation has not seen this message of this sender.',
      [...path, 'frank'],
      'FRANK',
      null,
      'UNPROVEN_MESSAGE',
    );
  return { provenBy: new URL(conversationUri).host };
}

async function isFranked(
  services: ProvingServices,
  hubUri: string | null,
  frank: Uint8Array,
  facts: FrankedFacts,
): Promise<boolean> {
  if (hubUri === null) return isFrankedHere(services.sealer, facts, frank);
  const key = (await fetchHubDocument(services, hubUri))?.frankingKey;
  return key != null && isFrankedBy(key, facts, frank);
}
