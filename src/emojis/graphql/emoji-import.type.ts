/** Archives of custom emoji, coming in and going out, as the staff sees them. */
import { Args, Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import {
  adminAccountLoader,
  AdminType,
  staffActorLoader,
} from '../../accounts/graphql/admin.type.js';
import type { ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import { readPage, toPage } from '../../platform/db/page.js';
import {
  PageArgs,
  PageInfo,
  toConnection,
  type ConnectionSource,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import { DateTimeScalar, UrlScalar } from '../../platform/graphql/scalars.js';
import { isUuid } from '../../platform/ids.js';
import { includesRole, requireRole } from '../../platform/require-viewer.js';
import { emojiArchiveUrl } from '../emoji-archive-url.js';
import {
  EMOJI_IMPORT_STATES,
  KEPT_REFUSALS,
  type EmojiImportId,
  type EmojiImportRow,
  type EmojiImportState,
  type EmojiRefusal,
} from '../emoji-import.js';
import { findEmojiImports, listEmojiImports } from '../emoji-imports.queries.js';

/** An import as resolvers see it. */
export type EmojiImportSource = EmojiImportRow & NodeSource;

/** GraphQL enum of the states. */
export const EmojiImportStateEnum = describedEnum(
  'EmojiImportState',
  'Where an import of emoji stands.',
  EMOJI_IMPORT_STATES,
);

@ObjectType('EmojiRefusal', {
  description: 'A picture of an archive that was not taken in.',
  simpleResolvers: true,
})
export class EmojiRefusalType {
  @Field(() => String, { description: 'Name of the file in the archive.' })
  fileName!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Name of the emoji; null for a file that stands for none.',
  })
  shortcode!: string | null;

  @Field(() => String, { description: 'Why, in English.' })
  reason!: string;
}

@ObjectType('EmojiImport', {
  implements: Node,
  description:
    'An archive of custom emoji that is taken in, and what became of it. For the role ADMIN.',
  simpleResolvers: true,
})
@RequiresScope('admin:read:instance')
export class EmojiImportType {
  @Field(() => EmojiImportStateEnum, { description: 'Where it stands.' })
  state!: EmojiImportState;

  @Field(() => String, {
    nullable: true,
    description: 'Heading for all of them; null = those of the archive.',
  })
  category!: string | null;

  @Field(() => Boolean, {
    description: 'Emoji of the same shortcode get the picture of the archive; otherwise they stay.',
  })
  replaces!: boolean;

  @Field(() => Int, {
    nullable: true,
    description: 'Pictures in the archive; null until they are counted.',
  })
  total!: number | null;

  @Field(() => Int, { description: 'New emoji so far.' })
  added!: number;

  @Field(() => Int, { description: 'Emoji with another picture so far.' })
  replaced!: number;

  @Field(() => Int, { description: 'Emoji so far that were there and stay as they were.' })
  kept!: number;

  @Field(() => Int, { description: 'Pictures so far that were not taken in.' })
  refused!: number;

  @Field(() => [EmojiRefusalType], {
    description: `The first ${KEPT_REFUSALS} pictures that were not taken in.`,
  })
  @ListSize({ assumedSize: 10 })
  refusals!: readonly EmojiRefusal[];

  @Field(() => String, {
    nullable: true,
    description: 'Why it ended early, in English; null when it did not.',
  })
  failure!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it was asked for.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it ended; null until then.',
  })
  finishedAt!: Date | null;
}

@ObjectType('EmojiImportEdge', {
  description: 'An import and its place in a list.',
  simpleResolvers: true,
})
export class EmojiImportEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => EmojiImportType, { description: 'The import.' })
  node!: EmojiImportSource;
}

@ObjectType('EmojiImportConnection', {
  description: 'A page of imports of emoji.',
  simpleResolvers: true,
})
export class EmojiImportConnection {
  @Field(() => [EmojiImportEdge], { description: 'Imports with their places.' })
  edges!: EmojiImportEdge[];

  @Field(() => [EmojiImportType], { description: 'The imports alone.' })
  nodes!: EmojiImportSource[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;
}

/** Imports, for administrators; for anybody else there are none. */
export const emojiImportLoader = defineLoader<EmojiImportId, EmojiImportSource>(
  async ({ viewer, database }, ids) => {
    const isAdmin = viewer !== null && includesRole(viewer.role, 'ADMIN');
    const rows = isAdmin ? await findEmojiImports(database, ids) : [];
    return new Map(rows.map((row) => [row.id, toEmojiImportSource(row)]));
  },
);

/** `emojiimport_…` ids. */
export const emojiImportNode = defineNode('emojiimport', ['EmojiImport'], emojiImportLoader);

@Resolver(() => EmojiImportType)
export class EmojiImportFields {
  @FieldResolver(() => ActorType, {
    nullable: true,
    description: 'Who asked for it; null when the account is gone.',
  })
  async startedBy(
    @Root() { accountId }: EmojiImportSource,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource | null> {
    const account = await load(context, adminAccountLoader, accountId);
    return account && load(context, staffActorLoader, account.actorId);
  }
}

@Resolver(() => AdminType)
export class AdminEmojiArchiveFields {
  @FieldResolver(() => EmojiImportConnection, {
    description:
      'Archives of custom emoji that were taken in, the newest first. Needs the role ADMIN.',
  })
  @RequiresScope('admin:read:instance')
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async emojiImports(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<EmojiImportSource>> {
    requireRole(context, 'ADMIN');
    const request = readPage(args, 1, isUuid);
    const page = toPage(request, await listEmojiImports(context.database, request));
    return toConnection(page, (row) => [row.id], toEmojiImportSource);
  }

  @FieldResolver(() => UrlScalar, {
    description:
      'Where all custom emoji can be fetched within the hour, as a gzipped tar file with a meta.json, which this and other servers take in. Needs the role ADMIN.',
  })
  @RequiresScope('admin:read:instance')
  customEmojiArchiveUrl(@Ctx() context: GraphQLContext): string {
    requireRole(context, 'ADMIN');
    return emojiArchiveUrl(context);
  }
}

function toEmojiImportSource(row: EmojiImportRow): EmojiImportSource {
  return { ...row, nodeType: 'EmojiImport' };
}
