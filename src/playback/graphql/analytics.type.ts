/** Numbers of own posts. */
import { Field, Float, InputType, Int, ObjectType } from 'type-graphql';
import { Cost, ListSize } from '../../platform/graphql/directives.js';
import { BigIntScalar, DateScalar } from '../../platform/graphql/scalars.js';

@InputType('DateRange', { description: 'Calendar days in UTC.' })
export class DateRangeInput {
  @Field(() => DateScalar, { description: 'First day.' })
  from!: string;

  @Field(() => DateScalar, { description: 'Last day, included; not before the first.' })
  to!: string;
}

@Cost(0.1)
@ObjectType('AnalyticsDay', {
  description:
    'How posts were watched on one day in UTC, and what people did with them, the author and whoever is suspended left out. Nobody is to be found in it: a post with which fewer than five people did something on a day is not in that number of that day.',
  simpleResolvers: true,
})
export class AnalyticsDayType {
  @Field(() => DateScalar, { description: 'The day.' })
  day!: string;

  @Field(() => Int, {
    nullable: true,
    description:
      'People who watched a second or more; over several posts each counts once for every post. Null with fewer than five of a post, and for today and yesterday, which are still counted.',
  })
  views!: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Views that other servers told of (PeerTube); nobody can prove them. Null with fewer than five of a post, and for today and yesterday.',
  })
  viewsElsewhere!: number | null;

  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'Time watched, in milliseconds; null like views.',
  })
  watchTimeMs!: bigint | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Share of the views that came to the end, 0–1; null unless at least five did and five did not.',
  })
  completionRate!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Share of the views by followers, 0–1; null unless at least five were and five were not.',
  })
  followerShare!: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'People who liked them on that day; over several posts each counts once for every post. Null with fewer than five of a post, and for today and yesterday.',
  })
  likes!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'People who commented on that day; null like likes.',
  })
  comments!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'People who reposted them on that day; null like likes.',
  })
  reposts!: number | null;
}

@Cost(0.1)
@ObjectType('NewFollowers', {
  description: 'Followers won on one day in UTC.',
  simpleResolvers: true,
})
export class NewFollowersType {
  @Field(() => DateScalar, { description: 'The day.' })
  day!: string;

  @Field(() => Int, {
    description: 'Follows asked for on that day that were accepted and still last.',
  })
  count!: number;
}

@Cost(5)
@ObjectType('PostAnalytics', {
  description: 'Numbers of one post. Only its author sees them.',
  simpleResolvers: true,
})
export class PostAnalyticsType {
  @Field(() => [AnalyticsDayType], {
    description:
      'Every day of the period, the oldest first, cut to today and to as far back as ANALYTICS_DAYS lets the account look.',
  })
  @ListSize({ assumedSize: 90 })
  days!: readonly AnalyticsDayType[];
}

@Cost(20)
@ObjectType('CreatorAnalytics', {
  description: 'Numbers of an account. Only it sees them.',
  simpleResolvers: true,
})
export class CreatorAnalyticsType {
  @Field(() => [AnalyticsDayType], {
    description:
      'Every day of the period, the oldest first, cut to today and to as far back as ANALYTICS_DAYS lets the account look. Of the latest 2,000 posts.',
  })
  @ListSize({ assumedSize: 90 })
  days!: readonly AnalyticsDayType[];

  @Field(() => [NewFollowersType], { description: 'Followers won on each of these days.' })
  @ListSize({ assumedSize: 90 })
  newFollowers!: readonly NewFollowersType[];
}
