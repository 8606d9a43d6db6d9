/** What the author of a draft says of remixes. */
import { Field, ObjectType } from 'type-graphql';
import { RemixPolicyEnum } from '../../actors/graphql/visibility.type.js';
import type { RemixPolicy } from '../../actors/visibility.js';

@ObjectType('RemixPolicyChoice', {
  description:
    'Who may make what of a video that is not published yet; null = as its author has set for themselves when it is.',
  simpleResolvers: true,
})
export class RemixPolicyChoiceType {
  @Field(() => RemixPolicyEnum, { nullable: true, description: 'Who may make duets.' })
  duet?: RemixPolicy | null | undefined;

  @Field(() => RemixPolicyEnum, { nullable: true, description: 'Who may stitch it.' })
  stitch?: RemixPolicy | null | undefined;

  @Field(() => RemixPolicyEnum, { nullable: true, description: 'Who may take its sound.' })
  sound?: RemixPolicy | null | undefined;
}
