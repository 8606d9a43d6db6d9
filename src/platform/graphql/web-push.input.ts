/** Where a client is pushed to. */
import { Field, InputType } from 'type-graphql';
import { UrlScalar } from './scalars.js';

@InputType('WebPushInput', {
  description: 'What the PushSubscription of a browser says, or any service that speaks Web Push.',
})
export class WebPushInput {
  @Field(() => UrlScalar, { description: '`endpoint`: https, on the public internet.' })
  endpoint!: string;

  @Field(() => String, { description: '`keys.p256dh`: 65 bytes as base64url.' })
  p256dh!: string;

  @Field(() => String, { description: '`keys.auth`: 16 bytes as base64url.' })
  auth!: string;
}
