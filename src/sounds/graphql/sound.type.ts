/** A sound as the API shows it. */
import { Field, Int, ObjectType } from 'type-graphql';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { Shared } from '../../platform/graphql/directives.js';
import { Node } from '../../platform/graphql/node.js';
import { SOUND_SOURCES } from '../sound.js';

/** GraphQL enum of the ways. */
export const SoundSourceEnum = describedEnum(
  'SoundSource',
  'How a video came to its sound.',
  SOUND_SOURCES,
);

@ObjectType('Sound', {
  implements: [Node],
  description:
    'What is heard in videos of this server, first in one of them. Whoever sees none of these videos cannot tell it from one that is not there. When its first video is gone or out of sight, the others keep it, without saying whose it is.',
  simpleResolvers: true,
})
export class SoundType {
  @Field(() => Int, { description: 'Length in milliseconds.' })
  @Shared()
  durationMs!: number;
}
