// What others make of a post: reactions, comments with answers, reposts.
import type { PlannedFollow, PlannedMember } from './plan-people.js';
import type { PlannedPost } from './plan-posts.js';
import type { Random } from './random.js';
import { HOUR, later } from './story.js';
import { ANSWERS, COMMENTS, REACTIONS } from './words/comments.js';

/** Somebody reacts. */
export interface PlannedReaction {
  readonly post: PlannedPost;
  readonly member: PlannedMember;
  readonly at: Date;
  readonly emoji: string;
}

/** Somebody says something, or answers. */
export interface PlannedComment {
  readonly key: string;
  readonly post: PlannedPost;
  readonly member: PlannedMember;
  readonly at: Date;
  readonly text: string;
  /** Key of the comment that it answers; null = the post. */
  readonly parent: string | null;
  /** Who likes it. */
  readonly likedBy: readonly PlannedMember[];
}

/** What one post sets off. */
export interface PlannedResponses {
  readonly reactions: readonly PlannedReaction[];
  readonly comments: readonly PlannedComment[];
  readonly reposts: readonly PlannedReaction[];
}

/** Plans what happens under a post; only whoever sees it at that time takes part. */
export function planResponses(
  post: PlannedPost,
  follows: readonly PlannedFollow[],
  random: Random,
  { end, strangers }: { end: Date; strangers: readonly PlannedMember[] },
): PlannedResponses {
  const followers = follows
    .filter(
      ({ followee, acceptedAt }) =>
        followee === post.author && acceptedAt !== null && acceptedAt < post.at,
    )
    .map(({ follower }) => follower);
  const isOpen = post.visibility === 'PUBLIC' || post.visibility === 'LOCAL';
  const passersBy = isOpen
    ? random.some(
        strangers.filter((person) => !followers.includes(person) && person.joinedAt < post.at),
        6,
      )
    : [];
  const crowd = [...followers, ...passersBy.filter(() => random.chance(0.4 * post.charm))];
  const when = (): Date =>
    later(post.at, random.between(0.03, 1) * 40 * HOUR * random.next() ** 2 + 60_000);
  const inTime = <Planned extends { at: Date }>(planned: Planned[]): Planned[] =>
    planned.filter(({ at }) => at < end);
  const reactions = crowd
    .filter(() => random.chance(0.42 * post.charm))
    .map((member) => ({ post, member, at: when(), emoji: emojiOf(random) }));
  const canRepost = post.visibility === 'PUBLIC' || post.visibility === 'UNLISTED';
  const reposts = canRepost
    ? followers
        .filter(() => random.chance(0.022 * post.charm))
        .map((member) => ({ post, member, at: when(), emoji: '' }))
    : [];
  const speakers =
    post.commentPolicy === 'NOBODY' ? [] : post.commentPolicy === 'FOLLOWERS' ? followers : crowd;
  const comments = speakers
    .filter(() => random.chance(0.11 * post.charm))
    .flatMap((member, index) =>
      exchange(
        { post, member, key: `${post.index}.${index}`, at: when(), crowd: followers },
        random,
      ),
    );
  return { reactions: inTime(reactions), reposts: inTime(reposts), comments: inTime(comments) };
}

function emojiOf(random: Random): string {
  return random.pickWeighted(REACTIONS, ([, weight]) => weight)[0];
}

/** A comment, and often the author's answer to it. */
function exchange(
  {
    post,
    member,
    key,
    at,
    crowd,
  }: {
    post: PlannedPost;
    member: PlannedMember;
    key: string;
    at: Date;
    crowd: readonly PlannedMember[];
  },
  random: Random,
): PlannedComment[] {
  const likedBy = random.some(
    [post.author, ...crowd.filter((person) => person !== member)],
    random.chance(0.5) ? random.whole(1, 3) : 0,
  );
  const comment = {
    key,
    post,
    member,
    at,
    text: random.pick(COMMENTS[member.member.language]),
    parent: null,
    likedBy,
  };
  if (!random.chance(0.45)) return [comment];
  const { username } = member.member;
  const answer = `@${username} ${random.pick(ANSWERS[post.author.member.language])}`;
  return [
    comment,
    {
      key: `${key}.a`,
      post,
      member: post.author,
      at: later(at, random.between(0.1, 6) * HOUR),
      text: answer,
      parent: key,
      likedBy: random.chance(0.4) ? [member] : [],
    },
  ];
}
