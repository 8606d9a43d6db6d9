/** What the staff does about custom emoji. */
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer, answerOnce } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId, toGlobalId } from '../../platform/ids.js';
import { deleteEmoji } from '../delete-emoji.js';
import { saveEmoji, type EmojiChange } from '../save-emoji.js';
import { CustomEmojiType, emojiLoader, type EmojiSource } from './emoji.type.js';

@InputType('SaveCustomEmojiInput', {
  description: 'A new emoji, or what to change about one: absent = as it is.',
})
export class SaveCustomEmojiInput {
  @Field(() => ID, { nullable: true, description: 'The emoji; null = a new one.' })
  emojiId?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Its name: 2–64 letters a–z, digits or underscores. A new one needs it, and it never changes.',
  })
  shortcode?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Own upload with the purpose EMOJI; a new one needs it. It replaces the picture that the emoji had.',
  })
  mediaId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Heading under which it is offered, at most 64 characters; null = none.',
  })
  category?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Other words for it, at most 30 of at most 64 characters; null = none.',
  })
  aliases?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether clients offer it; a new one is offered unless told otherwise.',
  })
  isListed?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'False = it can no longer be used; earlier reactions keep its picture.',
  })
  isEnabled?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: 'Makes a repeat within 24 h answer with the first result; at most 128 characters.',
  })
  idempotencyKey?: string | null;
}

@ObjectType('SaveCustomEmojiPayload', { description: 'Answer of saveCustomEmoji.' })
export class SaveCustomEmojiPayload extends Payload {
  @Field(() => CustomEmojiType, {
    nullable: true,
    description: 'The emoji after the change; null when refused.',
  })
  emoji!: EmojiSource | null;
}

@InputType('DeleteCustomEmojiInput', { description: 'Names a custom emoji.' })
export class DeleteCustomEmojiInput {
  @Field(() => ID, { description: 'The emoji.' })
  emojiId!: string;
}

@ObjectType('DeleteCustomEmojiPayload', { description: 'Answer of deleteCustomEmoji.' })
export class DeleteCustomEmojiPayload extends Payload {
  @Field(() => ID, {
    nullable: true,
    description: 'Id of the emoji that is gone; null when refused.',
  })
  deletedEmojiId!: string | null;
}

@Resolver()
export class EmojiMutations {
  @Mutation(() => SaveCustomEmojiPayload, {
    description:
      'Make or change a custom emoji. Needs the role MODERATOR; recorded. Codes: FORBIDDEN, INVALID_INPUT, NOT_FOUND, ALREADY_EXISTS, LIMIT_EXCEEDED, MEDIA_NOT_READY, MEDIA_REJECTED, IDEMPOTENCY_KEY_REUSED.',
  })
  @RequiresScope('admin:write:instance')
  saveCustomEmoji(
    @Arg('input', () => SaveCustomEmojiInput, { description: 'The emoji.' })
    input: SaveCustomEmojiInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answerOnce(
      context,
      'saveCustomEmoji',
      input,
      () => saveEmoji(context, toChange(input)),
      async (id) => ({ emoji: await load(context, emojiLoader, id) }),
    );
  }

  @Mutation(() => DeleteCustomEmojiPayload, {
    description:
      'Delete a custom emoji and its picture; reactions with it stay and keep its name. Needs the role MODERATOR; recorded. Codes: FORBIDDEN, NOT_FOUND.',
  })
  @RequiresScope('admin:write:instance')
  deleteCustomEmoji(
    @Arg('input', () => DeleteCustomEmojiInput, { description: 'Which emoji.' })
    input: DeleteCustomEmojiInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const id = readId('emoji', input.emojiId, ['emojiId']);
        await deleteEmoji(context, id);
        return id;
      },
      (id) => ({ deletedEmojiId: toGlobalId('emoji', id) }),
    );
  }
}

/** Reads the input: absent stays absent, null becomes the value that means nothing. */
function toChange(input: SaveCustomEmojiInput): EmojiChange {
  const { emojiId, shortcode, mediaId, category, aliases, isListed, isEnabled } = input;
  return {
    emojiId: emojiId == null ? null : readId('emoji', emojiId, ['emojiId']),
    shortcode: shortcode ?? undefined,
    mediaId: mediaId == null ? undefined : readId('media', mediaId, ['mediaId']),
    category,
    aliases: aliases === null ? [] : aliases,
    isListed: isListed ?? undefined,
    isEnabled: isEnabled ?? undefined,
  };
}
