/** Taking devices into use and out of it, and laying out their key packages. */
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer } from '../../platform/graphql/mutation.js';
import { readId } from '../../platform/ids.js';
import type { ChatDeviceId } from '../device.js';
import { publishKeyPackages } from '../publish-key-packages.js';
import { registerChatDevice } from '../register-chat-device.js';
import { revokeChatDevice } from '../revoke-chat-device.js';
import { chatDeviceLoader } from './chat-device.type.js';
import {
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
      'Take a device into use for encrypted chat; a person has at most 6. Publish key packages next. Sending the same again answers with the same device. Whoever puts another identity key in the place of the known one confirms the password before (confirmPassword). The person gets a letter. At most 30 in a day. Codes: INVALID_INPUT, REAUTHENTICATION_REQUIRED, IDENTITY_MISMATCH, ALREADY_EXISTS, LIMIT_EXCEEDED, RATE_LIMITED.',
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
}

function readDevice({ deviceId }: { readonly deviceId: string }): ChatDeviceId {
  return readId('chatdevice', deviceId, ['deviceId']);
}

async function present(context: GraphQLContext, id: ChatDeviceId) {
  return { device: await load(context, chatDeviceLoader, id) };
}
