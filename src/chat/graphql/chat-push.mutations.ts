/** Waking devices that chat. */
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { answer } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { WebPushInput } from '../../platform/graphql/web-push.input.js';
import { registerChatPush, removeChatPush } from '../register-chat-push.js';
import { readDevice } from './read-chat-ids.js';

@InputType('RegisterChatPushInput', { description: 'Which device is woken, and where.' })
export class RegisterChatPushInput {
  @Field(() => ID, { description: 'A valid device of the viewer.' })
  deviceId!: string;

  @Field(() => WebPushInput, {
    description: 'Where; subscribe with `instance.vapidPublicKey`.',
  })
  webPush!: WebPushInput;
}

@ObjectType('RegisterChatPushPayload', { description: 'Result of registerChatPush.' })
export class RegisterChatPushPayload extends Payload {
  @Field(() => ID, {
    nullable: true,
    description: 'The device that is woken from now on; null when refused.',
  })
  deviceId!: string | null;
}

@InputType('RemoveChatPushInput', { description: 'Which device is to be left alone.' })
export class RemoveChatPushInput {
  @Field(() => ID, { description: 'A valid device of the viewer.' })
  deviceId!: string;
}

@ObjectType('RemoveChatPushPayload', { description: 'Result of removeChatPush.' })
export class RemoveChatPushPayload extends Payload {
  @Field(() => ID, {
    nullable: true,
    description: 'The device that is woken no more; null when refused.',
  })
  deviceId!: string | null;
}

@Resolver()
export class ChatPushMutations {
  @Mutation(() => RegisterChatPushPayload, {
    description:
      'Have a device woken by Web Push when something encrypted comes for it and it does not listen. The push is `{}` and nothing else, always of the same size: the device then asks for its mailbox. One that has not looked is not woken again for ten minutes; muted conversations and people behind a block wake nobody. Each device has one place; it ends with the session, and when its push service does not know it any more. Codes: NOT_FOUND, INVALID_INPUT.',
  })
  @RequiresScope('chat')
  registerChatPush(
    @Arg('input', () => RegisterChatPushInput, { description: 'The device and its place.' })
    input: RegisterChatPushInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      () => registerChatPush(context, readDevice(input), input.webPush),
      () => ({ deviceId: input.deviceId }),
    );
  }

  @Mutation(() => RemoveChatPushPayload, {
    description: 'Wake a device no more. A repeat changes nothing. Codes: NOT_FOUND.',
  })
  @RequiresScope('chat')
  removeChatPush(
    @Arg('input', () => RemoveChatPushInput, { description: 'The device.' })
    input: RemoveChatPushInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      () => removeChatPush(context, readDevice(input)),
      () => ({ deviceId: input.deviceId }),
    );
  }
}
