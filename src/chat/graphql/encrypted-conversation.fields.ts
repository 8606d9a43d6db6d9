/** What an encrypted conversation shows of its group. */
import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import {
  chatDeviceLoader,
  ChatDeviceType,
  type ChatDeviceSource,
} from '../../devices/graphql/chat-device.type.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, ListSize } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { Base64BytesScalar } from '../../platform/graphql/scalars.js';
import { requireViewer } from '../../platform/require-viewer.js';
import { MOST_DEVICES } from '../conversation.js';
import {
  countConversationMembers,
  findGroupDevices,
  findGroupInfos,
  type GroupDeviceRow,
} from '../conversations.queries.js';
import { groupInfosOfHubs } from '../at-the-hub.js';
import { ConversationType, type ConversationSource } from './conversation.type.js';
import { requireFirst } from './require-first.js';

const devicesLoader = defineLoader<string, GroupDeviceRow[]>(async ({ database }, ids) => {
  const rows = await findGroupDevices(database, ids, MOST_DEVICES);
  return Map.groupBy(rows, ({ conversationId }) => conversationId as string);
});
const memberCountLoader = defineLoader<string, number>(async ({ database }, ids) => {
  const rows = await countConversationMembers(database, ids);
  return new Map(rows.map(({ id, count }) => [id, count]));
});
const groupInfoLoader = defineLoader<string, Buffer>(async (context, ids) => {
  const rows = await findGroupInfos(context.database, ids, requireViewer(context).actorId);
  const known = rows.map(({ id, groupInfo }) => [id, groupInfo] as const);
  return new Map([...known, ...(await groupInfosOfHubs(context, ids))]);
});

@Resolver(() => ConversationType)
export class EncryptedConversationFields {
  @FieldResolver(() => Int, { description: 'How many people take part.' })
  @Cost(1)
  async memberCount(
    @Root() { id }: ConversationSource,
    @Ctx() context: GraphQLContext,
  ): Promise<number> {
    return (await load(context, memberCountLoader, id)) ?? 0;
  }

  @FieldResolver(() => Base64BytesScalar, {
    nullable: true,
    description:
      'GroupInfo of the present epoch as an MLSMessage, with which a device of somebody who takes part can come in by an external commit; null when the last commit brought none. Another server that orders the conversation is asked for it; where it does not answer, that is the error HUB_UNREACHABLE.',
  })
  @Cost(5)
  groupInfo(
    @Root() { id }: ConversationSource,
    @Ctx() context: GraphQLContext,
  ): Promise<Buffer | null> {
    return load(context, groupInfoLoader, id);
  }

  @FieldResolver(() => [ChatDeviceType], {
    description:
      'Devices that get what is written, as far as the viewer may see them; compare them with the tree of the group. Empty where nothing is encrypted.',
  })
  @ListSize({ slicingArguments: ['first'] })
  devices(
    @Root() { id }: ConversationSource,
    @Arg('first', () => Int, { defaultValue: 50, description: `How many, 1–${MOST_DEVICES}.` })
    first: number,
    @Ctx() context: GraphQLContext,
  ): Promise<ChatDeviceSource[]> {
    return devicesWhere(context, { id, first }, true);
  }

  @FieldResolver(() => [ChatDeviceType], {
    description:
      'Devices in the tree of the group that left or were revoked: they get nothing any more, and the next commit is to remove them.',
  })
  @ListSize({ slicingArguments: ['first'] })
  devicesToRemove(
    @Root() { id }: ConversationSource,
    @Arg('first', () => Int, { defaultValue: 50, description: `How many, 1–${MOST_DEVICES}.` })
    first: number,
    @Ctx() context: GraphQLContext,
  ): Promise<ChatDeviceSource[]> {
    return devicesWhere(context, { id, first }, false);
  }
}

async function devicesWhere(
  context: GraphQLContext,
  { id, first }: { readonly id: string; readonly first: number },
  isReceiving: boolean,
): Promise<ChatDeviceSource[]> {
  requireFirst(first, MOST_DEVICES);
  const rows = (await load(context, devicesLoader, id)) ?? [];
  const chosen = rows.filter((row) => row.isReceiving === isReceiving).slice(0, first);
  const devices = await Promise.all(
    chosen.map(({ deviceId }) => load(context, chatDeviceLoader, deviceId)),
  );
  return devices.filter((device) => device !== null);
}
