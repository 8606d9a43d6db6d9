/**
 * Encrypted conversations as servers tell each other of them: an actor that says in which order everything comes, to each
 * server what is for its people. @source SWICG Messaging Layer Security in ActivityPub
 */
import { conversationUriOf } from '../../chat/conversation.js';
import type { Config } from '../../platform/config.js';
import { newId } from '../../platform/ids.js';
import { sharedInboxUrl } from '../addresses.js';
import { MLS_CONTEXT } from './mls-context.js';
import type { SharedConversation, SharedEnvelope } from '../shared-conversation.queries.js';

const NAMESPACE = 'urn:triptych:';

const OWN_TERMS = [
  'MLSGroup',
  'mlsSubmit',
  'mlsGroupId',
  'isGroup',
  'epoch',
  'seq',
  'lastSeq',
  'disappearingSeconds',
  'members',
  'role',
  'devices',
  'signatureKey',
  'leaving',
  'kind',
  'sender',
  'clientMessageId',
  'added',
  'removed',
  'expires',
  'frank',
  'frankingKey',
];

/** Contexts of everything that is said of encrypted conversations. */
export const CHAT_CONTEXT = [
  'https://www.w3.org/ns/activitystreams',
  MLS_CONTEXT,
  {
    tri: NAMESPACE,
    manuallyApprovesFollowers: 'as:manuallyApprovesFollowers',
    ...Object.fromEntries(OWN_TERMS.map((term) => [term, `tri:${term}`])),
  },
] as const;

const SUMMARY = 'This is an encrypted message. It can be read with an app for encrypted chat.';

/** Type of the object by what the message carries; what a device makes of it, it reads in the bytes. */
const TYPES: Readonly<Record<SharedEnvelope['kind'], string>> = {
  APPLICATION: 'PrivateMessage',
  PROPOSAL: 'PrivateMessage',
  COMMIT: 'PrivateMessage',
  WELCOME: 'Welcome',
};

/** The conversation as it stands. */
export function conversationOf(config: Config, conversation: SharedConversation): object {
  const id = conversationUriOf(config, conversation.id);
  const inbox = sharedInboxUrl(config);
  return {
    id,
    type: ['Group', 'MLSGroup'],
    inbox,
    endpoints: { sharedInbox: inbox, mlsSubmit: `${id}/submit` },
    messages: `${id}/messages`,
    manuallyApprovesFollowers: true,
    mlsGroupId: conversation.mlsGroupId.toString('base64'),
    isGroup: conversation.isGroup,
    epoch: conversation.epoch,
    seq: conversation.lastSequence,
    disappearingSeconds: conversation.disappearingSeconds ?? 0,
    members: conversation.members,
    devices: conversation.devices,
  };
}

/** The same as a document of its own. @param key with which others check what this server says of messages */
export function conversationDocument(
  config: Config,
  conversation: SharedConversation,
  key: Uint8Array,
): object {
  const frankingKey = Buffer.from(key).toString('base64');
  return { '@context': CHAT_CONTEXT, ...conversationOf(config, conversation), frankingKey };
}

/** Something that is said in the name of a conversation. */
export interface ConversationActivity {
  readonly '@context': unknown;
  readonly id: string;
  readonly type: 'Create' | 'Update' | 'Delete' | 'Accept' | 'Reject';
  readonly actor: string;
  readonly to: readonly string[];
  readonly object: unknown;
  /** The last place, where it says what the conversation is now. */
  readonly seq?: number;
  /** Code of a refusal. */
  readonly summary?: string;
  /** The present epoch, where that is why something was refused. */
  readonly epoch?: number;
}

/**
 * What brings a message to a server. `members` are those of now; only commits tell them.
 *
 * @param bytes WITHOUT_BYTES for whoever has sent them a moment ago
 */
export function envelopeActivity(
  config: Config,
  conversation: Pick<SharedConversation, 'id' | 'members'>,
  envelope: SharedEnvelope,
  bytes: 'WHOLE' | 'WITHOUT_BYTES' = 'WHOLE',
): ConversationActivity {
  const actor = conversationUriOf(config, conversation.id);
  const { sequence, kind, to } = envelope;
  const place = `${actor}/messages/${sequence}`;
  const id = kind === 'WELCOME' ? `${place}/welcome` : place;
  return {
    '@context': CHAT_CONTEXT,
    id: `${id}/create`,
    type: 'Create',
    actor,
    to,
    object: envelopeOf({ actor, id, bytes }, conversation, envelope),
  };
}

function envelopeOf(
  {
    actor: conversation,
    id,
    bytes,
  }: {
    readonly actor: string;
    readonly id: string;
    readonly bytes: 'WHOLE' | 'WITHOUT_BYTES';
  },
  { members }: Pick<SharedConversation, 'members'>,
  envelope: SharedEnvelope,
): object {
  const { kind, sequence, epoch, to, ciphertext, sentAt, expiresAt } = envelope;
  const { senderUri, senderKey, clientMessageId, added, removed, keyPackages, frank } = envelope;
  return {
    id,
    type: ['Object', TYPES[kind]],
    attributedTo: conversation,
    to,
    summary: SUMMARY,
    mediaType: 'message/mls',
    encoding: 'base64',
    ...(bytes === 'WHOLE' && { content: ciphertext.toString('base64') }),
    conversation,
    context: conversation,
    seq: sequence,
    epoch,
    kind,
    published: sentAt.toISOString(),
    ...(expiresAt && { expires: expiresAt.toISOString() }),
    ...(frank && { frank: frank.toString('base64') }),
    sender: {
      actor: senderUri,
      ...(senderKey !== null && { signatureKey: senderKey }),
      ...(clientMessageId !== null && { clientMessageId }),
    },
    ...(kind === 'COMMIT' && { added, removed, members }),
    ...(kind === 'WELCOME' && { keyPackages }),
  };
}

/** What tells a server that a conversation is another, besides messages. */
export function stateActivity(
  config: Config,
  conversation: SharedConversation,
  { to, now }: { readonly to: readonly string[]; readonly now: Date },
): ConversationActivity {
  const actor = conversationUriOf(config, conversation.id);
  const object = { ...conversationOf(config, conversation), to };
  const id = `${actor}/updates/${newId(now)}`;
  const seq = conversation.lastSequence;
  return { '@context': CHAT_CONTEXT, id, type: 'Update', actor, to, object, seq };
}

/** What tells a server that nobody of it takes part any more. */
export function endActivity(
  config: Config,
  { id }: Pick<SharedConversation, 'id'>,
  now: Date,
): ConversationActivity {
  const actor = conversationUriOf(config, id);
  const ending = `${actor}/ends/${newId(now)}`;
  return { '@context': CHAT_CONTEXT, id: ending, type: 'Delete', actor, to: [], object: actor };
}

/** What lies behind a place, as far as it is for the people of a server. */
export function messagesPage(
  config: Config,
  conversation: Pick<SharedConversation, 'id' | 'members' | 'lastSequence'>,
  page: {
    readonly after: number;
    readonly end: number;
    readonly envelopes: readonly SharedEnvelope[];
  },
): object {
  const actor = conversationUriOf(config, conversation.id);
  const { after, end } = page;
  const collection = `${actor}/messages`;
  const isMore = end < conversation.lastSequence;
  return {
    '@context': CHAT_CONTEXT,
    id: `${collection}?after=${after}`,
    type: 'OrderedCollectionPage',
    partOf: collection,
    lastSeq: conversation.lastSequence,
    ...(isMore && { next: `${collection}?after=${end}` }),
    orderedItems: itemsOf(config, conversation, page),
  };
}

/** Every place once, in order, with the Welcome after its commit. */
function itemsOf(
  config: Config,
  conversation: Pick<SharedConversation, 'id' | 'members'>,
  {
    after,
    end,
    envelopes,
  }: {
    readonly after: number;
    readonly end: number;
    readonly envelopes: readonly SharedEnvelope[];
  },
): object[] {
  const items: object[] = [];
  const byPlace = Map.groupBy(envelopes, ({ sequence }) => sequence);
  for (let seq = after + 1; seq <= end; seq++) {
    const here = byPlace.get(seq) ?? [];
    if (!here.some(({ kind }) => kind !== 'WELCOME')) items.push({ type: 'Tombstone', seq });
    for (const one of here) items.push(envelopeActivity(config, conversation, one));
  }
  return items;
}
