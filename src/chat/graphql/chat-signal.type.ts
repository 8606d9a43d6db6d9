/** What passes in a conversation, as the API shows it. */
import { Field, ID, ObjectType } from 'type-graphql';
import { Base64BytesScalar } from '../../platform/graphql/scalars.js';
import { toGlobalId } from '../../platform/ids.js';
import type { SignalNotice } from '../chat.events.js';

@ObjectType('ChatSignal', {
  description:
    'Something that passes in an encrypted conversation and is kept nowhere, as that somebody types.',
  simpleResolvers: true,
})
export class ChatSignalType {
  @Field(() => ID, { description: 'The conversation.' })
  conversationId!: string;

  @Field(() => ID, { description: 'The device that sent it.' })
  senderDeviceId!: string;

  @Field(() => Base64BytesScalar, { description: 'What it says, encrypted by the device.' })
  payload!: Buffer;
}

/** Shapes a notice. */
export function toChatSignal({
  conversationId,
  senderDeviceId,
  payload,
}: SignalNotice): ChatSignalType {
  return {
    conversationId: toGlobalId('conversation', conversationId),
    senderDeviceId: toGlobalId('chatdevice', senderDeviceId),
    payload: Buffer.from(payload, 'base64'),
  };
}
