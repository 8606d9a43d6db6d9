/** The custom emoji of a profile. */
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize, Shared } from '../../platform/graphql/directives.js';
import { CustomEmojiType, type EmojiSource } from './emoji.type.js';
import { emojisOfTexts } from './used-emojis.js';

@Resolver(() => ActorType)
export class ActorEmojiFields {
  @FieldResolver(() => [CustomEmojiType], {
    description:
      'Custom emoji that name, bio and lines of the profile write as `:shortcode:`, to be put in their place.',
  })
  @ListSize({ assumedSize: 3 })
  @Shared()
  emojis(@Root() actor: ActorSource, @Ctx() context: GraphQLContext): Promise<EmojiSource[]> {
    const lines = actor.fields.flatMap(({ name, valueHtml }) => [name, valueHtml]);
    return emojisOfTexts(context, actor.domain, actor.displayName, actor.bioHtml, ...lines);
  }
}
