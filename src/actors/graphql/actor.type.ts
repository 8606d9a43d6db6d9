/** The public profile of anyone who acts. */
import { Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { mediaLoader, type MediaSource } from '../../media/graphql/media.loader.js';
import { ImageMedia } from '../../media/graphql/media.type.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { ListSize, Shared } from '../../platform/graphql/directives.js';
import { Federated } from '../../platform/graphql/federated.js';
import { load } from '../../platform/graphql/loader.js';
import { Node } from '../../platform/graphql/node.js';
import {
  DateTimeScalar,
  HandleScalar,
  HtmlScalar,
  MarkdownScalar,
  UrlScalar,
} from '../../platform/graphql/scalars.js';
import { ACTOR_KINDS, ACTOR_STATUSES, type ActorKind, type ActorStatus } from '../actor.entity.js';
import { actorLoader, type ActorSource } from './actor.loader.js';

/** GraphQL enum of actor kinds. */
export const ActorKindEnum = describedEnum('ActorKind', 'What kind of actor this is.', ACTOR_KINDS);

/** GraphQL enum of actor states. */
export const ActorStatusEnum = describedEnum(
  'ActorStatus',
  'State of an actor as this server sees it.',
  ACTOR_STATUSES,
);

@ObjectType('ProfileField', { description: 'One line of a profile.' })
@Shared()
export class ProfileFieldType {
  @Field(() => String, { description: 'Label, as the author wrote it.' })
  name!: string;

  @Field(() => HtmlScalar, { name: 'value', description: 'Value, safe to render.' })
  valueHtml!: string;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When a rel=me link back was seen; null = unverified.',
  })
  verifiedAt!: Date | null;
}

@ObjectType('PaymentLink', {
  description: 'Where somebody may be supported. This server takes no part in it.',
})
@Shared()
export class PaymentLinkType {
  @Field(() => String, { description: 'What it is called.' })
  name!: string;

  @Field(() => String, { description: 'An https address, or a `payto:` one (RFC 8905).' })
  href!: string;
}

@ObjectType('ActorCounts', {
  description: 'Shown counters of an actor; null where the owner or the origin hides them.',
})
@Shared()
export class ActorCountsType {
  @Field(() => Int, { nullable: true, description: 'Published posts.' })
  posts!: number | null;

  @Field(() => Int, { nullable: true, description: 'Accepted followers.' })
  followers!: number | null;

  @Field(() => Int, { nullable: true, description: 'Accepted follows of this actor.' })
  following!: number | null;
}

@ObjectType('Actor', {
  implements: [Node, Federated],
  description:
    'A public profile, local or remote (an ActivityPub actor). Visible to everybody. Deleted and suspended actors stay as tombstones, so `author` is never null.',
  simpleResolvers: true,
})
export class ActorType {
  @Field(() => String, { description: 'Name part of the handle.' })
  @Shared()
  username!: string;

  @Field(() => String, { description: 'Name to show; empty when none was chosen.' })
  @Shared()
  displayName!: string;

  @Field(() => ActorKindEnum, { description: 'What kind of actor this is.' })
  @Shared()
  kind!: ActorKind;

  @Field(() => ActorStatusEnum, { description: 'State of the actor as this server sees it.' })
  @Shared()
  status!: ActorStatus;

  @Field(() => MarkdownScalar, {
    nullable: true,
    description: 'Source of the bio; null for remote actors.',
  })
  @Shared()
  bioSource!: string | null;

  @Field(() => String, { nullable: true, description: 'Pronouns; null when not given.' })
  @Shared()
  pronouns!: string | null;

  @Field(() => Boolean, { description: 'Follow requests need approval.' })
  @Shared()
  isLocked!: boolean;

  @Field(() => Boolean, {
    description:
      'Opted in to suggestions, the directory, trends, starter packs of others, picks of the staff, and `for-you` of people who do not follow them.',
  })
  @Shared()
  isDiscoverable!: boolean;

  @Field(() => Boolean, { description: 'Opted in to search of its public posts.' })
  @Shared()
  isIndexable!: boolean;

  @Field(() => DateTimeScalar, { description: 'When the actor joined, or was first seen here.' })
  @Shared()
  joinedAt!: Date;
}

@Resolver(() => ActorType)
export class ActorFields {
  @FieldResolver(() => HandleScalar, {
    description: 'Full handle with domain, for example `ada@a.example`.',
  })
  @Shared()
  handle(@Root() actor: ActorSource, @Ctx() context: GraphQLContext): string {
    return `${actor.username}@${actor.domain ?? context.config.publicUrl.host}`;
  }

  @FieldResolver(() => String, {
    description: 'Domain part of the handle; this server’s own for local actors.',
  })
  @Shared()
  domain(@Root() actor: ActorSource, @Ctx() context: GraphQLContext): string {
    return actor.domain ?? context.config.publicUrl.host;
  }

  @FieldResolver(() => Boolean)
  @Shared()
  isLocal(@Root() actor: ActorSource): boolean {
    return actor.domain === null;
  }

  @FieldResolver(() => HtmlScalar, {
    description: 'Bio, safe to render; empty when there is none.',
  })
  @Shared()
  bio(@Root() actor: ActorSource): string {
    return actor.bioHtml;
  }

  @FieldResolver(() => [ProfileFieldType], {
    description: 'Lines of the profile, in the author’s order.',
  })
  @Shared()
  fields(@Root() actor: ActorSource): ActorSource['fields'] {
    return actor.fields;
  }

  @FieldResolver(() => [PaymentLinkType], {
    description:
      'Where to support the actor, in its own order; at most 10. Empty when it names nothing.',
  })
  @Shared()
  @ListSize({ assumedSize: 5 })
  paymentLinks(@Root() actor: ActorSource): ActorSource['paymentLinks'] {
    return actor.paymentLinks;
  }

  @FieldResolver(() => ImageMedia, {
    nullable: true,
    description:
      'Profile picture; null when there is none. That of a remote actor has no addresses until it is here: its state says so.',
  })
  @Shared()
  avatar(
    @Root() actor: ActorSource,
    @Ctx() context: GraphQLContext,
  ): Promise<MediaSource | null> | null {
    return actor.avatarMediaId && load(context, mediaLoader, actor.avatarMediaId);
  }

  @FieldResolver(() => ImageMedia, {
    nullable: true,
    description: 'Banner of the profile, as `avatar`; null when there is none.',
  })
  @Shared()
  header(
    @Root() actor: ActorSource,
    @Ctx() context: GraphQLContext,
  ): Promise<MediaSource | null> | null {
    return actor.headerMediaId && load(context, mediaLoader, actor.headerMediaId);
  }

  @FieldResolver(() => UrlScalar, {
    nullable: true,
    description:
      'A QR code of `url` as an SVG picture, to be shown to somebody with a camera; null for remote actors, and for those who are gone.',
  })
  @Shared()
  qrCodeUrl(@Root() actor: ActorSource): string | null {
    const isGone = actor.status === 'SUSPENDED' || actor.status === 'DELETED';
    return actor.domain !== null || isGone ? null : `${actor.url}/qr.svg`;
  }

  @FieldResolver(() => ActorType, {
    nullable: true,
    description: 'The account that this one has moved to; null when it has not moved.',
  })
  @Shared()
  movedTo(
    @Root() actor: ActorSource,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource | null> | null {
    return actor.movedToId && load(context, actorLoader, actor.movedToId);
  }

  @FieldResolver(() => [UrlScalar], {
    description:
      'ActivityPub ids of other accounts of the same person, as this account says; what they say is another matter. None for those who are gone.',
  })
  @Shared()
  alsoKnownAs(@Root() actor: ActorSource): readonly string[] {
    return actor.alsoKnownAs;
  }

  @FieldResolver(() => ActorCountsType, { description: 'Counters as they may be shown.' })
  @Shared()
  counts(@Root() actor: ActorSource): ActorCountsType {
    return {
      posts: actor.postCount,
      followers: actor.hidesFollowLists ? null : actor.followerCount,
      following: actor.hidesFollowLists ? null : actor.followingCount,
    };
  }
}
