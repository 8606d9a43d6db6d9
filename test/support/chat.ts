// Conversations through the public API, as a client begins, writes and reads them.
import type { Answered } from './posts.js';
import type { Person } from './world.js';

/** A message as it is asked for here. */
export interface SeenMessage {
  readonly id: string;
  readonly conversationId: string;
  readonly sequence: string;
  readonly plaintext: string | null;
  readonly plaintextSource: string | null;
  readonly deletedAt: string | null;
  readonly sender: { readonly username: string };
}

/** A conversation without what is in it. */
export interface ConversationHead {
  readonly id: string;
  readonly encryption: string;
  readonly isGroup: boolean;
  readonly isRequest: boolean;
  readonly isMuted: boolean;
  readonly isArchived: boolean;
  readonly unreadCount: number;
  readonly lastReadSequence: string;
}

/** A conversation as it is asked for here. */
export interface SeenConversation extends ConversationHead {
  readonly members: readonly {
    readonly actor: { readonly id: string; readonly username: string };
  }[];
  readonly lastMessage: SeenMessage | null;
  readonly messages: { readonly nodes: readonly SeenMessage[] };
}

/** The viewer's conversations. */
export interface SeenChat {
  readonly unreadCount: number;
  readonly conversations: { readonly nodes: readonly SeenConversation[] };
  readonly archived: { readonly nodes: readonly ConversationHead[] };
  readonly unread: { readonly nodes: readonly ConversationHead[] };
  readonly messageRequests: { readonly nodes: readonly ConversationHead[] };
}

const MESSAGE =
  'id conversationId sequence kind plaintext plaintextSource sentAt editedAt deletedAt sender { username }';

const HEAD = `id encryption isGroup isRequest isMuted isArchived unreadCount lastReadSequence`;
const CONVERSATION = `${HEAD} members { actor { id username } } lastMessage { ${MESSAGE} } messages(last: 12) { nodes { ${MESSAGE} } }`;

/** Begins a conversation, or finds it. */
export async function converse(
  who: Person,
  ...others: readonly string[]
): Promise<Answered<{ readonly conversation: SeenConversation | null }>> {
  const { data } = await who.graphql<{
    createConversation: Answered<{ conversation: SeenConversation | null }>;
  }>(
    `mutation ($input: CreateConversationInput!) { createConversation(input: $input) {
       conversation { ${CONVERSATION} } userErrors { code path ... on ValidationError { limit } } } }`,
    { input: { memberIds: others, encryption: 'NONE' } },
  );
  return data.createConversation;
}

let written = 0;

/** Writes in a conversation. */
export async function write(
  who: Person,
  conversationId: string,
  text: string,
  clientMessageId = `test-${++written}`,
): Promise<Answered<{ readonly message: SeenMessage | null }>> {
  const { data } = await who.graphql<{
    sendChatMessage: Answered<{ message: SeenMessage | null }>;
  }>(
    `mutation ($input: SendChatMessageInput!) { sendChatMessage(input: $input) {
       message { ${MESSAGE} } userErrors { code path ... on ValidationError { limit } } } }`,
    { input: { conversationId, content: { plaintext: text }, clientMessageId } },
  );
  return data.sendChatMessage;
}

/** Deletes a message. */
export async function unsay(who: Person, messageId: string): Promise<Answered<object>> {
  const { data } = await who.graphql<{ deleteChatMessage: Answered<object> }>(
    `mutation ($input: DeleteChatMessageInput!) { deleteChatMessage(input: $input) {
       message { ${MESSAGE} } userErrors { code path } } }`,
    { input: { messageId } },
  );
  return data.deleteChatMessage;
}

/** Changes a conversation for somebody. */
export async function arrange(
  who: Person,
  conversationId: string,
  change: object,
): Promise<Answered<{ readonly conversation: SeenConversation | null }>> {
  const { data } = await who.graphql<{
    updateConversation: Answered<{ conversation: SeenConversation | null }>;
  }>(
    `mutation ($input: UpdateConversationInput!) { updateConversation(input: $input) {
       conversation { ${CONVERSATION} } userErrors { code path } } }`,
    { input: { conversationId, ...change } },
  );
  return data.updateConversation;
}

/** Says how far somebody has read. */
export async function acknowledge(
  who: Person,
  conversationId: string,
  upToSequence: number | string,
): Promise<Answered<{ readonly conversation: SeenConversation | null }>> {
  const { data } = await who.graphql<{
    acknowledgeMessages: Answered<{ conversation: SeenConversation | null }>;
  }>(
    `mutation ($input: AcknowledgeMessagesInput!) { acknowledgeMessages(input: $input) {
       conversation { ${CONVERSATION} } userErrors { code path } } }`,
    { input: { conversationId, upToSequence: String(upToSequence) } },
  );
  return data.acknowledgeMessages;
}

/** All conversations of somebody. */
export async function chatOf(who: Person): Promise<SeenChat> {
  const answer = await who.graphql<{ viewer: { chat: SeenChat } }>(
    `{ viewer { chat { unreadCount conversations(first: 2) { nodes { ${CONVERSATION} } }
       archived: conversations(filter: { archived: true }, first: 2) { nodes { ${HEAD} } }
       unread: conversations(filter: { unreadOnly: true }, first: 2) { nodes { ${HEAD} } }
       messageRequests(first: 2) { nodes { ${HEAD} } } } } }`,
  );
  const { data } = answer;
  if (!data) throw new Error(JSON.stringify(answer));
  return data.viewer.chat;
}
