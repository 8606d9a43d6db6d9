/** Taking devices into use and out of it, and handling their key packages. */
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { ActorId } from '../../actors/actor.entity.js';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { TooMany } from '../../platform/errors.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer } from '../../platform/graphql/mutation.js';
import { parseGlobalId, readId } from '../../platform/ids.js';
import { claimKeyPackages } from '../claim-key-packages.js';
import { ACTORS_PER_CLAIM, type ChatDeviceId } from '../device.js';
import { publishKeyPackages } from '../publish-key-packages.js';
import { registerChatDevice } from '../register-chat-device.js';
import { revokeChatDevice } from '../revoke-chat-device.js';
import { chatDeviceLoader } from './chat-device.type.js';
import {
  ClaimKeyPackagesInput,
  ClaimKeyPackagesPayload,
  PublishKeyPackagesInput,
  PublishKeyPackagesPayload,
  RegisterChatDeviceInput,
  RegisterChatDevicePayload,
  RevokeChatDeviceInput,
  RevokeChatDevicePayload,
} from './device.input.js';

@Resolver()
export class DeviceMutations {
  @Mutation(() => RegisterChatDevicePayload, {
    description:
      'Take a device into use for encrypted chat; a person has at most 6. Publish key packages next. Sending the same again answers with the same device. At most 30 in a day. Codes: INVALID_INPUT, IDENTITY_MISMATCH, ALREADY_EXISTS, LIMIT_EXCEEDED, RATE_LIMITED.',
  })
  @RequiresScope('chat')
  registerChatDevice(
    @Arg('input', () => RegisterChatDeviceInput, { description: 'The device.' })
    { replacesIdentity, ...device }: RegisterChatDeviceInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => registerChatDevice(context, device, replacesIdentity),
      (id) => present(context, id),
    );
  }

  @Mutation(() => RevokeChatDevicePayload, {
    description:
      'Take a device out of use for good: its key packages are gone, and it gets nothing more of any conversation. A repeat changes nothing. Codes: NOT_FOUND.',
  })
  @RequiresScope('chat')
  revokeChatDevice(
    @Arg('input', () => RevokeChatDeviceInput, { description: 'Which one.' })
    input: RevokeChatDeviceInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const id = readDevice(input);
        await revokeChatDevice(context, id);
        return id;
      },
      (id) => present(context, id),
    );
  }

  @Mutation(() => PublishKeyPackagesPayload, {
    description:
      'Lay out key packages of a device; at most 200 wait beside the last resort, of which a new one takes the place of the former. What is known already stays as it is. All or none are kept. At most 3,000 in a day. Codes: NOT_FOUND, INVALID_INPUT, LIMIT_EXCEEDED, RATE_LIMITED.',
  })
  @RequiresScope('chat')
  publishKeyPackages(
    @Arg('input', () => PublishKeyPackagesInput, { description: 'The key packages.' })
    input: PublishKeyPackagesInput,
    @Ctx() context: GraphQLContext,
  ) {
    const offered = input.keyPackages.map(({ data, isLastResort }) => ({
      bytes: data,
      isLastResort,
    }));
    return answer(
      context,
      async () => {
        const id = readDevice(input);
        await publishKeyPackages(context, id, offered);
        return id;
      },
      (id) => present(context, id),
    );
  }

  @Mutation(() => ClaimKeyPackagesPayload, {
    description:
      'Take a key package of each valid device of people, to let them into an encrypted conversation. None is given to two; who asks for those of one person more than 6 times, and then more often than every 10 minutes, gets the last resorts only. At most 2,000 people in an hour. Codes: INVALID_INPUT, NOT_FOUND, LIMIT_EXCEEDED, RATE_LIMITED.',
  })
  @RequiresScope('chat')
  claimKeyPackages(
    @Arg('input', () => ClaimKeyPackagesInput, { description: 'Whose.' })
    input: ClaimKeyPackagesInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () =>
        claimKeyPackages(context, {
          actorIds: input.actorIds.map((id, index) =>
            readId('actor', id, ['actorIds', String(index)]),
          ),
          exceptDeviceIds: readExceptions(input.exceptDeviceIds),
        }),
      async ({ keyPackages, withoutPackages }) => ({
        keyPackages,
        actorsWithoutPackages: await actorsOf(context, withoutPackages),
      }),
    );
  }
}

function readDevice({ deviceId }: { readonly deviceId: string }): ChatDeviceId {
  return readId('chatdevice', deviceId, ['deviceId']);
}

function readExceptions(ids: readonly string[]): ChatDeviceId[] {
  if (ids.length > ACTORS_PER_CLAIM)
    throw new TooMany(`At most ${ACTORS_PER_CLAIM}.`, ACTORS_PER_CLAIM, ['exceptDeviceIds']);
  const parsed = ids.map(parseGlobalId).filter((id) => id?.kind === 'chatdevice');
  return parsed.map((id) => id!.id as ChatDeviceId);
}

async function present(context: GraphQLContext, id: ChatDeviceId) {
  return { device: await load(context, chatDeviceLoader, id) };
}

async function actorsOf(context: GraphQLContext, ids: readonly ActorId[]): Promise<ActorSource[]> {
  const actors = await Promise.all(ids.map((id) => load(context, actorLoader, id)));
  return actors.filter((actor) => actor !== null);
}
