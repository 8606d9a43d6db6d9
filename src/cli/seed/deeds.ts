// What people do to one another and to posts, as commands at their times.
import { followActor } from '../../actors/follow-actor.js';
import { respondToFollowRequest } from '../../actors/respond-to-follow-request.js';
import { addComment } from '../../posts/add-comment.js';
import { setReaction } from '../../posts/set-reaction.js';
import { setRepost } from '../../posts/set-repost.js';
import type { PlannedFollow } from './plan-people.js';
import type { PlannedComment, PlannedReaction } from './plan-responses.js';
import { later, type Deed } from './story.js';
import { found } from './world.js';

/** Follows, and the answer where it is asked for. */
export function followDeeds(follow: PlannedFollow): Deed[] {
  const [follower, followee] = [follow.follower.member.username, follow.followee.member.username];
  const ask: Deed = {
    at: follow.at,
    run: async (world) => {
      const actorId = await world.actorId(followee, follow.at);
      const { notifiesOnPost } = follow;
      await followActor(await world.as(follower, follow.at), {
        actorId,
        notifiesOnPost,
        showsReposts: true,
      });
      world.tally.follows += 1;
    },
  };
  const at = follow.acceptedAt;
  if (!follow.followee.isLocked || at === null) return [ask];
  const answer: Deed = {
    at,
    run: async (world) => {
      const actorId = await world.actorId(follower, at);
      await respondToFollowRequest(await world.as(followee, at), { actorId, accept: true });
    },
  };
  return [ask, answer];
}

/** Reacts to a post. */
export function reactionDeed({ at, member, post, emoji }: PlannedReaction): Deed {
  return {
    at,
    run: async (world) => {
      const subjectId = world.post(post.index);
      await setReaction(await world.as(member.member.username, at), { subjectId, content: emoji });
      world.tally.reactions += 1;
    },
  };
}

/** Reposts a post. */
export function repostDeed({ at, member, post }: PlannedReaction): Deed {
  return {
    at,
    run: async (world) => {
      const postId = world.post(post.index);
      await setRepost(await world.as(member.member.username, at), { postId, isReposted: true });
      world.tally.reposts += 1;
    },
  };
}

/** Comments, and who likes that within minutes. */
export function commentDeeds(comment: PlannedComment): Deed[] {
  const { at, key, member, parent, post, text } = comment;
  const say: Deed = {
    at,
    run: async (world) => {
      const parentId =
        parent === null ? null : found(world.comments.get(parent), `comment ${parent}`);
      const draft = {
        postId: world.post(post.index),
        parentId,
        content: text,
        language: member.member.language,
      };
      world.comments.set(key, await addComment(await world.as(member.member.username, at), draft));
      world.tally.comments += 1;
    },
  };
  const likes = comment.likedBy.map((person, index): Deed => {
    const then = later(at, (index + 1) * 4 * 60_000);
    return {
      at: then,
      run: async (world) => {
        const subjectId = found(world.comments.get(key), `comment ${key}`);
        await setReaction(await world.as(person.member.username, then), {
          subjectId,
          content: '❤',
        });
        world.tally.reactions += 1;
      },
    };
  });
  return [say, ...likes];
}
