/** The custom emoji of stories, of what is on them, and of what others say to them. */
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { CustomEmojiType, type EmojiSource } from '../../emojis/graphql/emoji.type.js';
import {
  emojiOfReaction,
  emojisOfPlainTexts,
  emojisOfTexts,
} from '../../emojis/graphql/used-emojis.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize } from '../../platform/graphql/directives.js';
import type { StoryReactionRow } from '../story-answers.queries.js';
import type { StickerRow } from '../story-stickers.queries.js';
import { StoryStickerType } from './sticker.type.js';
import { StoryAnswerType, StoryReactionType, type StoryAnswerSource } from './story-answer.type.js';
import { StoryType, type StorySource } from './story.type.js';

@Resolver(() => StoryType)
export class StoryEmojiFields {
  @FieldResolver(() => [CustomEmojiType], {
    description: 'Custom emoji that the caption writes as `:shortcode:`, to be put in their place.',
  })
  @ListSize({ assumedSize: 3 })
  emojis(@Root() story: StorySource, @Ctx() context: GraphQLContext): Promise<EmojiSource[]> {
    return emojisOfTexts(context, null, story.caption);
  }

  @FieldResolver(() => CustomEmojiType, {
    nullable: true,
    description:
      'The custom emoji that `viewerReaction` names, disabled or not. Null for an emoji of Unicode, without a reaction, and when it was deleted.',
  })
  viewerReactionEmoji(
    @Root() { viewerReaction }: StorySource,
    @Ctx() context: GraphQLContext,
  ): Promise<EmojiSource | null> | null {
    return viewerReaction === null ? null : emojiOfReaction(context, viewerReaction);
  }
}

@Resolver(() => StoryStickerType)
export class StoryStickerEmojiFields {
  @FieldResolver(() => [CustomEmojiType], {
    description:
      'Custom emoji that its words and options write as `:shortcode:`, to be put in their place.',
  })
  @ListSize({ assumedSize: 1 })
  emojis(
    @Root() { label, options }: StickerRow,
    @Ctx() context: GraphQLContext,
  ): Promise<EmojiSource[]> {
    return emojisOfPlainTexts(context, label, ...options);
  }
}

@Resolver(() => StoryReactionType)
export class StoryReactionEmojiFields {
  @FieldResolver(() => CustomEmojiType, {
    nullable: true,
    description:
      'The custom emoji that `content` names, disabled or not. Null for an emoji of Unicode, and when it was deleted: then the name is left.',
  })
  emoji(
    @Root() { content }: StoryReactionRow,
    @Ctx() context: GraphQLContext,
  ): Promise<EmojiSource | null> {
    return emojiOfReaction(context, content);
  }
}

@Resolver(() => StoryAnswerType)
export class StoryAnswerEmojiFields {
  @FieldResolver(() => [CustomEmojiType], {
    description: 'Custom emoji that the text writes as `:shortcode:`, to be put in their place.',
  })
  @ListSize({ assumedSize: 3 })
  emojis(
    @Root() { content }: StoryAnswerSource,
    @Ctx() context: GraphQLContext,
  ): Promise<EmojiSource[]> {
    return emojisOfPlainTexts(context, content);
  }
}
