/** The custom emoji of posts, comments and reactions. */
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { CustomEmojiType, type EmojiSource } from '../../emojis/graphql/emoji.type.js';
import { emojiOfReaction, emojisOfTexts } from '../../emojis/graphql/used-emojis.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize, Shared } from '../../platform/graphql/directives.js';
import type { ReactionGroupRow } from '../reaction.queries.js';
import type { CommentSource } from './comment.loader.js';
import { CommentType } from './comment.type.js';
import type { PostSource } from './post.loader.js';
import { PostType } from './post.type.js';
import { ReactionGroupType } from './reactable.type.js';

@Resolver(() => PostType)
export class PostEmojiFields {
  @FieldResolver(() => [CustomEmojiType], {
    description:
      'Custom emoji that caption and content warning write as `:shortcode:`, to be put in their place.',
  })
  @ListSize({ assumedSize: 3 })
  @Shared()
  emojis(@Root() post: PostSource, @Ctx() context: GraphQLContext): Promise<EmojiSource[]> {
    return emojisOfTexts(context, post.author.domain, post.caption, post.contentWarning);
  }
}

@Resolver(() => CommentType)
export class CommentEmojiFields {
  @FieldResolver(() => [CustomEmojiType], {
    description: 'Custom emoji that the text writes as `:shortcode:`, to be put in their place.',
  })
  @ListSize({ assumedSize: 3 })
  @Shared()
  emojis(@Root() comment: CommentSource, @Ctx() context: GraphQLContext): Promise<EmojiSource[]> {
    return emojisOfTexts(context, comment.author.domain, comment.content);
  }
}

@Resolver(() => ReactionGroupType)
export class ReactionEmojiFields {
  @FieldResolver(() => CustomEmojiType, {
    nullable: true,
    description:
      'The custom emoji that `content` names, disabled or not. Null for an emoji of Unicode, and when it was deleted: then the name is left.',
  })
  emoji(
    @Root() group: ReactionGroupRow,
    @Ctx() context: GraphQLContext,
  ): Promise<EmojiSource | null> {
    return emojiOfReaction(context, group.content);
  }
}
