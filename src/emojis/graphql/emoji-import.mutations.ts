/** Taking in archives of custom emoji. */
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answerOnce } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId } from '../../platform/ids.js';
import { startEmojiImport } from '../start-emoji-import.js';
import { emojiImportLoader, EmojiImportType, type EmojiImportSource } from './emoji-import.type.js';

@InputType('ImportCustomEmojiInput', { description: 'An archive, and how it is taken in.' })
export class ImportCustomEmojiInput {
  @Field(() => ID, {
    description: 'Own upload with the purpose EMOJI_ARCHIVE; it is gone afterwards.',
  })
  mediaId!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Heading for all of them, at most 64 characters; null = those of the archive.',
  })
  category?: string | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'Give emoji of the same shortcode the picture of the archive; otherwise they stay.',
  })
  replace!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Makes a repeat within 24 h answer with the first result; at most 128 characters.',
  })
  idempotencyKey?: string | null;
}

@ObjectType('ImportCustomEmojiPayload', { description: 'Answer of importCustomEmoji.' })
export class ImportCustomEmojiPayload extends Payload {
  @Field(() => EmojiImportType, {
    nullable: true,
    description:
      'The import, which goes on by itself: ask again for its numbers. Null when refused.',
  })
  emojiImport!: EmojiImportSource | null;
}

@Resolver()
export class EmojiImportMutations {
  @Mutation(() => ImportCustomEmojiPayload, {
    description:
      'Take in an archive of custom emoji: a tar file, gzipped or not, or a zip file, with a meta.json as Misskey writes it, or of pictures named by shortcode. Needs the role ADMIN; recorded, each emoji, too. Codes: FORBIDDEN, INVALID_INPUT, NOT_FOUND, ALREADY_EXISTS, MEDIA_NOT_READY, IDEMPOTENCY_KEY_REUSED.',
  })
  @RequiresScope('admin:write:instance')
  importCustomEmoji(
    @Arg('input', () => ImportCustomEmojiInput, { description: 'The archive.' })
    input: ImportCustomEmojiInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answerOnce(
      context,
      'importCustomEmoji',
      input,
      () =>
        startEmojiImport(context, {
          mediaId: readId('media', input.mediaId, ['mediaId']),
          category: input.category ?? null,
          replaces: input.replace,
        }),
      async (id) => ({ emojiImport: await load(context, emojiImportLoader, id) }),
    );
  }
}
