/** Custom emoji as the API shows them. */
import { Args, Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import { AdminType } from '../../accounts/graphql/admin.type.js';
import { InstanceType } from '../../accounts/graphql/instance.type.js';
import { mediaUrl } from '../../media/media-url.js';
import { readPage, toPage } from '../../platform/db/page.js';
import {
  PageArgs,
  PageInfo,
  toConnection,
  type ConnectionSource,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize, RequiresScope, Shared } from '../../platform/graphql/directives.js';
import { defineLoader } from '../../platform/graphql/loader.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import { UrlScalar } from '../../platform/graphql/scalars.js';
import { requireRole } from '../../platform/require-viewer.js';
import { SHORTCODE, type EmojiId } from '../emoji.js';
import { pageOfEmojisToPick, pickKey } from '../emojis-to-pick.js';
import { findEmojis, listEmojis, type DrawnEmoji } from '../emojis.queries.js';

/** An emoji as resolvers see it. */
export type EmojiSource = DrawnEmoji & NodeSource;

@ObjectType('CustomEmoji', {
  implements: [Node],
  description:
    'A picture with a name, which texts write as `:shortcode:` and people react with. Those of this server can be used here; those of another one are shown where its people use them. Public.',
  simpleResolvers: true,
})
@Shared()
export class CustomEmojiType {
  @Field(() => String, { description: 'Its name, without colons. Never changes.' })
  shortcode!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Host of the server that it is of; null = of this one. Two servers may have different pictures of one name.',
  })
  domain!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Under which heading it is offered; null = under none.',
  })
  category!: string | null;

  @Field(() => [String], { description: 'Other words by which people look for it.' })
  aliases!: string[];

  @Field(() => Boolean, {
    description: 'True when clients offer it; others can still be written by name.',
  })
  isListed!: boolean;

  @Field(() => Boolean, {
    description:
      'False when it can no longer be used: earlier reactions still show it, texts do not.',
  })
  isEnabled!: boolean;
}

@ObjectType('CustomEmojiEdge', {
  description: 'An emoji and its place in a list.',
  simpleResolvers: true,
})
export class CustomEmojiEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => CustomEmojiType, { description: 'The emoji.' })
  node!: EmojiSource;
}

@ObjectType('CustomEmojiConnection', {
  description: 'A page of custom emoji.',
  simpleResolvers: true,
})
export class CustomEmojiConnection {
  @Field(() => [CustomEmojiEdge], { description: 'Emoji with their places.' })
  edges!: CustomEmojiEdge[];

  @Field(() => [CustomEmojiType], { description: 'The emoji alone.' })
  nodes!: EmojiSource[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;
}

/** Emoji by id. */
export const emojiLoader = defineLoader<EmojiId, EmojiSource>(async (context, ids) => {
  const emojis = await findEmojis(context.database, ids);
  return new Map(emojis.map((emoji) => [emoji.id, toEmojiSource(emoji)]));
});

/** `emoji_…` ids. */
export const emojiNode = defineNode('emoji', ['CustomEmoji'], emojiLoader);

/** Shapes an emoji. */
export function toEmojiSource(emoji: DrawnEmoji): EmojiSource {
  return { ...emoji, nodeType: 'CustomEmoji' };
}

@Resolver(() => CustomEmojiType)
export class CustomEmojiFields {
  @FieldResolver(() => UrlScalar, {
    description: 'Its picture, at most 256 px high and wide; moves when it is animated.',
  })
  url(@Root() emoji: EmojiSource, @Ctx() context: GraphQLContext): string {
    return urlOf(context, emoji, 'full');
  }

  @FieldResolver(() => UrlScalar, {
    description: 'Its picture without motion; the same as `url` when there is none.',
  })
  staticUrl(@Root() emoji: EmojiSource, @Ctx() context: GraphQLContext): string {
    return urlOf(context, emoji, 'still');
  }

  @FieldResolver(() => Boolean, { description: 'True when its picture moves.' })
  isAnimated(@Root() { picture }: EmojiSource): boolean {
    return picture.isAnimated;
  }
}

@Resolver(() => InstanceType)
export class InstanceEmojiFields {
  @FieldResolver(() => CustomEmojiConnection, {
    description:
      'Custom emoji to pick from, those of one category together, by category and shortcode; those without a category last. Public.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async customEmoji(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { database }: GraphQLContext,
  ): Promise<ConnectionSource<EmojiSource>> {
    const request = readPage(args, 2, (part, index) => index === 0 || SHORTCODE.test(part));
    const page = toPage(request, await pageOfEmojisToPick(database, request));
    return toConnection(page, pickKey, toEmojiSource);
  }
}

@Resolver(() => AdminType)
export class AdminEmojiFields {
  @FieldResolver(() => CustomEmojiConnection, {
    description:
      'All custom emoji by shortcode, also those not listed or disabled. Needs the role MODERATOR.',
  })
  @RequiresScope('admin:read:instance')
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async customEmoji(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<EmojiSource>> {
    requireRole(context, 'MODERATOR');
    const request = readPage(args, 1, (part) => SHORTCODE.test(part));
    const page = toPage(request, await listEmojis(context.database, request));
    return toConnection(page, ({ shortcode }) => [shortcode], toEmojiSource);
  }
}

/** Address of a rendition; what does not move has no still of its own. */
function urlOf(context: GraphQLContext, { picture }: EmojiSource, name: string): string {
  const { renditions } = picture;
  const rendition = renditions.find((one) => one.name === name) ?? renditions[0]!;
  return mediaUrl(context, picture, rendition);
}
