// The whole plan: who comes, what is published, and everything that follows from it, in the order of time.
import type { Member } from './cast.js';
import { interestDeeds } from './interests.js';
import { commentDeeds, followDeeds, reactionDeed, repostDeed } from './deeds.js';
import {
  bookmarkDeeds,
  commentPinDeeds,
  quarrelDeeds,
  shelfDeeds,
  tagAnswerDeed,
} from './keepsakes.js';
import { planFollows, planPeople, type PlannedFollow, type PlannedMember } from './plan-people.js';
import { planPosts, type PlannedPost } from './plan-posts.js';
import { planResponses } from './plan-responses.js';
import { planFilms, type PlannedFilm } from './plan-films.js';
import { planStories, type PlannedStory } from './plan-stories.js';
import type { Extras } from './publish.js';
import { Random } from './random.js';
import { HOUR, later, DAY, type Deed } from './story.js';
import { QUOTES } from './words/comments.js';

/** Everything that will happen. */
export interface Plan {
  readonly people: readonly PlannedMember[];
  readonly posts: readonly PlannedPost[];
  readonly extras: ReadonlyMap<PlannedPost, Extras>;
  readonly stories: readonly PlannedStory[];
  readonly films: readonly PlannedFilm[];
  /** When the first one came. */
  readonly start: Date;
  /** All but the arrival of people, the posts and the stories themselves. */
  readonly deeds: readonly Deed[];
}

/** How large the world is, and which one. */
export interface PlanOptions {
  readonly seed: number;
  readonly posts: number;
  /** When the last thing has happened. */
  readonly end: Date;
}

/** Months that the world is old. */
const DAYS = 150;

/** Plans a world; the same options give the same plan. */
export function planWorld(cast: readonly Member[], { seed, posts: count, end }: PlanOptions): Plan {
  const random = new Random(seed);
  const start = later(end, -DAYS * DAY);
  const lastDeed = later(end, -HOUR);
  const people = planPeople(cast, random.branch('people'), { start, days: DAYS });
  const follows = planFollows(people, random.branch('follows'), { end: lastDeed });
  const posts = planPosts(people, random.branch('posts'), { count, end: lastDeed });
  const responses = posts.map((post) =>
    planResponses(post, follows, random.branch(`responses ${post.index}`), {
      end: lastDeed,
      strangers: people.filter((person) => person !== post.author),
    }),
  );
  const extras = planExtras(posts, follows, random.branch('extras'));
  const shelf = random.branch('shelf');
  const comments = responses.flatMap((response) => response.comments);
  const deeds = [
    ...follows.flatMap(followDeeds),
    ...responses.flatMap(({ reactions }) => reactions.map(reactionDeed)),
    ...responses.flatMap(({ reposts }) => reposts.map(repostDeed)),
    ...comments.flatMap(commentDeeds),
    ...commentPinDeeds(comments, shelf, lastDeed),
    ...people.flatMap((person) => [
      ...shelfDeeds(person, posts, shelf, end),
      ...bookmarkDeeds(person, posts, shelf, end),
      ...interestDeeds(person, follows, shelf, end),
      ...(shelf.chance(0.8) ? [tagAnswerDeed(person, end)] : []),
    ]),
    ...quarrelDeeds(people, posts, shelf, end),
  ];
  const stories = planStories(people, follows, random.branch('stories'), end);
  const films = planFilms(people, random.branch('films'), { posts: count, end: lastDeed });
  return { people, posts, extras, stories, films, start, deeds };
}

/** Company on pictures, and posts that answer others. */
function planExtras(
  posts: readonly PlannedPost[],
  follows: readonly PlannedFollow[],
  random: Random,
): Map<PlannedPost, Extras> {
  return new Map(
    posts.map((post) => {
      const knows = follows.filter(
        ({ followee, acceptedAt }) =>
          followee === post.author && acceptedAt !== null && acceptedAt < post.at,
      );
      const companions = random.chance(0.7)
        ? random.some(knows, 3).map(({ follower }) => follower)
        : [];
      const earlier = posts.filter(
        (other) =>
          other.author !== post.author &&
          other.visibility === 'PUBLIC' &&
          other.at < post.at &&
          other.subject === post.subject,
      );
      const quoted = earlier.length > 0 && random.chance(0.06) ? random.pick(earlier) : null;
      const words =
        quoted && random.pick(QUOTES).replace('{handle}', `@${quoted.author.member.username}`);
      return [post, { companions, quote: quoted && words ? { index: quoted.index, words } : null }];
    }),
  );
}
