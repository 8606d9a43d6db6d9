/** What the chat asks of the server, as bytes and answers. */
import {
  AcknowledgeMailbox,
  ChatDeviceStock,
  ChatEvents,
  ChatMailbox,
  ChatMemberKeys,
  ChatPerson,
  ClaimKeyPackages,
  CommitConversation,
  CreateConversation,
  EncryptedConversation,
  FindPerson,
  LeaveConversation,
  MessageRequests,
  OwnChatDevices,
  OwnConversations,
  PublishKeyPackages,
  PushKey,
  RegisterChatDevice,
  RegisterChatPush,
  RemoveChatPush,
  Report,
  RequestCommitLease,
  ResetConversation,
  RevokeChatDevice,
  SendChatMessage,
  SendChatSignal,
  SetBlock,
  SetDisappearingMessages,
  UpdateConversation,
  type ActorLocator,
  type ChatEncryption,
  type ChatEventsSubscription,
  type ConversationBriefFragment,
  type DeviceFragment,
  type EnvelopeFragment,
  type PersonFragment,
  type RegisterChatDeviceInput,
  type RegisterChatPushInput,
  type ReportInput,
} from '../api/operations.js';
import type { TriptychClient } from '../client/client.js';
import { ApiError, DeviceRevokedError, requireDone, RefusedError } from '../client/errors.js';
import { fromBase64, toBase64 } from '../crypto/bytes.js';
import type { Outgoing, Pending, Self, StoredPackage } from './records.js';

/** A key package that was given to this device. */
export interface ClaimedPackage {
  readonly data: Uint8Array;
  readonly actorUri: string;
  readonly device: DeviceFragment;
}

/** Somebody as the server shows them. */
export interface ShownPerson extends PersonFragment {
  readonly chatIdentity: { readonly key: string; readonly version: number } | null;
  readonly chatDevices: readonly DeviceFragment[];
}

/** A conversation with what a commit has to know. */
export interface ShownConversation extends ConversationBriefFragment {
  readonly groupInfo: string | null;
  readonly devicesToRemove: readonly { readonly id: string; readonly signatureKey: string }[];
}

const PAGE = 200;

/** The chat of the account that the client is signed in to. */
export class ChatServer {
  readonly #client: TriptychClient;

  constructor(client: TriptychClient) {
    this.#client = client;
  }

  viewer(): Promise<PersonFragment> {
    return this.#client.viewer();
  }

  /** @throws {RefusedError} */
  async register(input: RegisterChatDeviceInput): Promise<string> {
    const { registerChatDevice } = await this.#client.request(RegisterChatDevice, { input });
    return demand(requireDone(registerChatDevice).device).id;
  }

  async revoke(deviceId: string): Promise<void> {
    const { revokeChatDevice } = await this.#client.request(RevokeChatDevice, {
      input: { deviceId },
    });
    requireDone(revokeChatDevice);
  }

  /** Those of the account that are valid. */
  async ownDevices() {
    const { viewer } = await this.#client.request(OwnChatDevices, {});
    return viewer?.actor.chatDevices ?? [];
  }

  /** How many key packages wait. @throws {DeviceRevokedError} @throws {ApiError} UNAUTHENTICATED */
  async stock({ deviceId, actorId }: Pick<Self, 'deviceId' | 'actorId'>): Promise<number> {
    const { viewer, node } = await this.#client.request(ChatDeviceStock, { id: deviceId });
    // Others are not shown it: who is signed out, or in as somebody else, cannot know what became of it.
    if (!viewer) throw new ApiError('Nobody is signed in.', 'UNAUTHENTICATED');
    if (viewer.actor.id !== actorId)
      throw new ApiError('Somebody else is signed in.', 'UNAUTHENTICATED');
    if (!node || !('keyPackageCount' in node) || node.revokedAt !== null)
      throw new DeviceRevokedError();
    return node.keyPackageCount ?? 0;
  }

  /** Does something for a device, and says so where it fails because that was revoked. @throws {DeviceRevokedError} */
  async unlessRevoked<Value>(
    device: Pick<Self, 'deviceId' | 'actorId'>,
    work: () => Promise<Value>,
  ): Promise<Value> {
    try {
      return await work();
    } catch (cause) {
      if (cause instanceof ApiError || cause instanceof RefusedError)
        await this.#ask(device, cause);
      throw cause;
    }
  }

  async publish(
    deviceId: string,
    packages: readonly Pick<StoredPackage, 'data' | 'isLastResort'>[],
  ): Promise<void> {
    const keyPackages = packages.map(({ data, isLastResort }) => ({
      data: toBase64(data),
      isLastResort,
    }));
    const input = { deviceId, keyPackages };
    requireDone((await this.#client.request(PublishKeyPackages, { input })).publishKeyPackages);
  }

  /** @throws {RefusedError} */
  async claim(
    actorIds: readonly string[],
    exceptDeviceIds: readonly string[],
  ): Promise<{
    readonly packages: ClaimedPackage[];
    readonly without: readonly { readonly id: string; readonly handle: string }[];
  }> {
    const input = { actorIds, exceptDeviceIds };
    const { claimKeyPackages } = await this.#client.request(ClaimKeyPackages, { input });
    const { keyPackages, actorsWithoutPackages } = requireDone(claimKeyPackages);
    return {
      packages: (keyPackages ?? []).flatMap(({ data, actor, device }) =>
        actor && device ? [{ data: fromBase64(data), actorUri: actor.uri, device }] : [],
      ),
      without: actorsWithoutPackages ?? [],
    };
  }

  /** Null = nobody, or nobody to be seen. */
  async person(by: ActorLocator): Promise<ShownPerson | null> {
    return (await this.#client.request(ChatPerson, { by })).actor;
  }

  /** @returns the conversation, or the id of the one that there is already @throws {RefusedError} */
  async createConversation(
    deviceId: string,
    groupId: Uint8Array,
    memberIds: readonly string[],
    isGroup: boolean,
  ): Promise<ConversationBriefFragment | { readonly existing: string }> {
    const encryption = 'MLS' as const;
    const input = { deviceId, mlsGroupId: toBase64(groupId), memberIds, isGroup, encryption };
    const { createConversation } = await this.#client.request(CreateConversation, { input });
    for (const fault of createConversation.userErrors)
      if ('conversationId' in fault && fault.conversationId)
        return { existing: fault.conversationId };
    return demand(requireDone(createConversation).conversation);
  }

  /** Keys of somebody with whom the viewer is in a group; null = they are not. */
  async memberKeys(conversationId: string, actorUri: string) {
    const variables = { id: conversationId, actorUri };
    const { node } = await this.#client.request(ChatMemberKeys, variables);
    return node && 'memberKeys' in node ? node.memberKeys : null;
  }

  /** Finds somebody of another server whom the own one may not know yet. */
  async lookUp(handle: string): Promise<ShownPerson | null> {
    const { fetchRemoteObject } = await this.#client.request(FindPerson, { input: { handle } });
    return fetchRemoteObject.object ? this.person({ handle }) : null;
  }

  /**
   * Null = the viewer does not see it any more.
   * @param withGroupInfo to come in by it; where another server orders the conversation, that one is asked
   */
  async conversation(id: string, withGroupInfo = false): Promise<ShownConversation | null> {
    const { node } = await this.#client.request(EncryptedConversation, { id, withGroupInfo });
    if (!node || !('mlsGroupId' in node)) return null;
    return { ...node, groupInfo: node.groupInfo ?? null };
  }

  /** Ids of the encrypted conversations that the account takes part in, but requests. */
  async encryptedConversations(): Promise<string[]> {
    const lists = await Promise.all([false, true].map((archived) => this.#listed(archived)));
    return lists.flat();
  }

  /** Ids of the encrypted conversations that strangers began, and that wait to be accepted. */
  requests(): Promise<string[]> {
    return idsOfEncrypted(async (after) => {
      const { viewer } = await this.#client.request(MessageRequests, { after });
      return viewer?.chat.messageRequests;
    });
  }

  /** @throws {RefusedError} */
  async acceptRequest(conversationId: string): Promise<void> {
    const input = { conversationId, acceptRequest: true };
    requireDone((await this.#client.request(UpdateConversation, { input })).updateConversation);
  }

  /** Neither sees the other from now on, or they do again. @throws {RefusedError} */
  async setBlock(actorId: string, blocked: boolean): Promise<void> {
    const input = { actorId, blocked };
    requireDone((await this.#client.request(SetBlock, { input })).setBlock);
  }

  /** @throws {RefusedError} with what came along, such as STALE_EPOCH */
  async commit(deviceId: string, pending: Pending): Promise<void> {
    const { commit, welcome, groupInfo, conversationId, clientMessageId, epoch } = pending;
    const { addMemberIds, removeMemberIds, removeDeviceIds } = pending;
    const input = {
      deviceId,
      conversationId,
      clientMessageId,
      epoch,
      commit: toBase64(commit),
      welcome: welcome && toBase64(welcome),
      groupInfo: toBase64(groupInfo),
      addMemberIds,
      removeMemberIds,
      removeDeviceIds,
    };
    requireDone((await this.#client.request(CommitConversation, { input })).commitConversation);
  }

  /** @throws {RefusedError} */
  async send(
    deviceId: string,
    { conversationId, clientMessageId, message }: Omit<Outgoing, 'data' | 'order'>,
  ): Promise<{ readonly sequence: string; readonly sentAt: string }> {
    const content = { mls: { deviceId, data: toBase64(message) } };
    const input = { conversationId, clientMessageId, content };
    const { sendChatMessage } = await this.#client.requestLive(SendChatMessage, { input });
    return demand(requireDone(sendChatMessage).message);
  }

  /** Gets nothing of the conversation any more, with all devices. */
  async leave(conversationId: string): Promise<void> {
    const input = { conversationId };
    requireDone((await this.#client.request(LeaveConversation, { input })).leaveConversation);
  }

  /** Gives the conversation a group with this device alone in place of the one it has. @throws {RefusedError} */
  async reset(deviceId: string, conversationId: string, groupId: Uint8Array): Promise<void> {
    const input = { deviceId, conversationId, mlsGroupId: toBase64(groupId) };
    requireDone((await this.#client.request(ResetConversation, { input })).resetConversation);
  }

  /** Has the server let go of what is sent from now on after so many seconds; null = it has no such time. @throws {RefusedError} */
  async setTimer(conversationId: string, seconds: number | null): Promise<void> {
    const input = { conversationId, seconds };
    const answer = await this.#client.request(SetDisappearingMessages, { input });
    requireDone(answer.setDisappearingMessages);
  }

  /** Key by which push services know the server. */
  async vapidPublicKey(): Promise<string> {
    return (await this.#client.request(PushKey, {})).instance.vapidPublicKey;
  }

  async registerPush(input: RegisterChatPushInput): Promise<void> {
    requireDone((await this.#client.request(RegisterChatPush, { input })).registerChatPush);
  }

  async removePush(deviceId: string): Promise<void> {
    const input = { deviceId };
    requireDone((await this.#client.request(RemoveChatPush, { input })).removeChatPush);
  }

  /** @throws {RefusedError} above all UNPROVEN_MESSAGE */
  async report(input: ReportInput): Promise<void> {
    requireDone((await this.#client.request(Report, { input })).report);
  }

  async #ask(device: Pick<Self, 'deviceId' | 'actorId'>, cause: Error): Promise<void> {
    try {
      await this.stock(device);
    } catch (fault) {
      if (fault instanceof DeviceRevokedError) throw new DeviceRevokedError({ cause });
    }
  }

  /** @param archived those that were put away, or the others */
  #listed(archived: boolean): Promise<string[]> {
    return idsOfEncrypted(async (after) => {
      const { viewer } = await this.#client.request(OwnConversations, { archived, after });
      return viewer?.chat.conversations;
    });
  }

  /** Whose turn it is to commit. */
  async lease(deviceId: string, conversationId: string) {
    const input = { deviceId, conversationId };
    const { requestCommitLease } = await this.#client.request(RequestCommitLease, { input });
    return demand(requireDone(requestCommitLease).lease);
  }

  async signal(deviceId: string, conversationId: string, payload: Uint8Array): Promise<void> {
    const input = { deviceId, conversationId, payload: toBase64(payload) };
    requireDone((await this.#client.requestLive(SendChatSignal, { input })).sendChatSignal);
  }

  async mailbox(deviceId: string, after: string) {
    const variables = { deviceId, after, first: PAGE };
    const { viewer } = await this.#client.request(ChatMailbox, variables);
    if (!viewer) throw new ApiError('Nobody is signed in.', 'UNAUTHENTICATED');
    return viewer.chat.mailbox;
  }

  async acknowledge(deviceId: string, upToPosition: string): Promise<void> {
    const input = { deviceId, upToPosition };
    requireDone((await this.#client.requestLive(AcknowledgeMailbox, { input })).acknowledgeMailbox);
  }

  /** What comes, from the place where the device is. */
  events(
    deviceId: string,
    after: string,
    signal: AbortSignal,
  ): AsyncGenerator<ChatEventsSubscription, void> {
    const cursorOf = ({ chatEvents }: ChatEventsSubscription): string => chatEvents.cursor;
    const variables = { deviceId, after };
    return this.#client.transport.subscribe(ChatEvents, variables, cursorOf, signal);
  }
}

/** A page of conversations. */
interface ConversationPage {
  readonly nodes: readonly Readonly<{ id: string; encryption: ChatEncryption }>[];
  readonly pageInfo: Readonly<{ endCursor: string | null; hasNextPage: boolean }>;
}

/** Ids of the encrypted ones of all pages. @param pageAfter undefined = nobody is signed in */
async function idsOfEncrypted(
  pageAfter: (after: string | null) => Promise<ConversationPage | undefined>,
): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | null = null, hasMore = true; hasMore;) {
    const page: ConversationPage | undefined = await pageAfter(after);
    if (!page) throw new ApiError('Nobody is signed in.', 'UNAUTHENTICATED');
    for (const { id, encryption } of page.nodes) if (encryption === 'MLS') ids.push(id);
    after = page.pageInfo.endCursor;
    hasMore = page.pageInfo.hasNextPage && after !== null;
  }
  return ids;
}

/** A message on its way: ciphertext and what stands on the outside. */
export type Envelope = EnvelopeFragment;

/** Whether a fault is a refusal for this reason. */
export const isRefused = (fault: unknown, code: string): boolean =>
  fault instanceof RefusedError && fault.has(code);

function demand<Value>(value: Value | null): Value {
  if (value === null) throw new ApiError('The server gave neither a result nor a reason.');
  return value;
}
