/** What a page of a feed says of itself: why it ends, and how long the viewer has watched today. */
import { Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { formatMessage } from '../../platform/messages/catalogue.js';
import { findDailyLimit } from '../daily-limit.js';
import { endOf, FEED_ENDS, type FeedEnd } from '../feed-end.js';
import { findRejected } from '../snapshots.queries.js';
import { FeedPageType, type FeedPageSource } from './feed.query.js';

const FeedEndEnum = describedEnum(
  'FeedEndReason',
  'Why an order is no longer than it is.',
  FEED_ENDS,
);

@ObjectType('DailyLimit', {
  description:
    'How long the viewer wants to watch in a day, and how long they have. It only tells: feeds go on. Nobody else ever sees it.',
  simpleResolvers: true,
})
export class DailyLimitType {
  @Field(() => Int, { description: 'What the viewer chose.' })
  minutes!: number;

  @Field(() => Int, {
    description:
      'Whole minutes watched today in UTC, as far as they were told by recordPlayback and the viewer keeps a history.',
  })
  watchedMinutes!: number;

  @Field(() => Boolean, { description: 'The viewer has watched as long as they want, or longer.' })
  isReached!: boolean;

  @Field(() => String, {
    nullable: true,
    description:
      'A sentence to show, in the language of the request; null until the limit is reached.',
  })
  message!: string | null;
}

@Resolver(() => FeedPageType)
export class FeedPageFields {
  @FieldResolver(() => FeedEndEnum, {
    nullable: true,
    description:
      'Why the stored order ends with this page; null while it goes on. Where `hasNextPage` is true, another order goes on behind it.',
  })
  async endReason(
    @Root() { snapshot, isEnd }: FeedPageSource,
    @Ctx() { database, viewer, clock }: GraphQLContext,
  ): Promise<FeedEnd | null> {
    if (!isEnd) return null;
    const viewerId = viewer?.actorId ?? null;
    return endOf(snapshot, await findRejected(database, snapshot.id, viewerId, clock.now()));
  }

  @FieldResolver(() => DailyLimitType, {
    nullable: true,
    description:
      'How long the viewer has watched today; null when they set no `dailyLimitMinutes`, and when nobody is signed in.',
  })
  async dailyLimit(
    @Root() _page: FeedPageSource,
    @Ctx() { database, viewer, clock, locale }: GraphQLContext,
  ): Promise<DailyLimitType | null> {
    const limit = viewer && (await findDailyLimit(database, viewer.actorId, clock.now()));
    if (!limit) return null;
    const isReached = limit.watchedMinutes >= limit.minutes;
    const message = isReached ? formatMessage(locale, 'feed.dailyLimit', { ...limit }) : null;
    return { ...limit, isReached, message };
  }
}
