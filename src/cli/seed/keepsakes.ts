// What people put aside: bookmarks, collections, pins; and the few who do not get along.
import { setBlock } from '../../actors/set-block.js';
import { setMute } from '../../actors/set-mute.js';
import { saveCollection } from '../../collections/save-collection.js';
import { fileReport } from '../../moderation/file-report.js';
import { saveBookmarkFolder } from '../../posts/save-bookmark-folder.js';
import { setBookmark } from '../../posts/set-bookmark.js';
import { setCommentPinned } from '../../posts/set-comment-pinned.js';
import { setPostPinned } from '../../posts/set-post-pinned.js';
import { respondToTag } from '../../posts/respond-to-tag.js';
import { findWaitingTags } from '../../posts/photo-tag.queries.js';
import type { PlannedMember } from './plan-people.js';
import type { PlannedPost } from './plan-posts.js';
import type { PlannedComment } from './plan-responses.js';
import type { Random } from './random.js';
import type { Subject } from './pictures/scene.js';
import { HOUR, later, type Deed } from './story.js';
import { found } from './world.js';

const TITLES: Readonly<Record<Subject, string>> = {
  mountains: 'High up',
  lake: 'Mirrors',
  sea: 'Salt',
  beach: 'Low tide',
  city: 'After dark',
  flower: 'The garden',
  forest: 'Under trees',
  dunes: 'Sand',
  stars: 'Old light',
  rain: 'Wet windows',
  coffee: 'Cups',
  portrait: 'People',
};

/** Bookmarks with a folder or two, from public posts of others. */
export function bookmarkDeeds(
  person: PlannedMember,
  posts: readonly PlannedPost[],
  random: Random,
  end: Date,
): Deed[] {
  const liked = random.some(
    posts.filter(({ author, visibility }) => author !== person && visibility === 'PUBLIC'),
    random.whole(3, 9),
  );
  const at = later(end, -random.between(3, 40) * HOUR);
  const title = random.pick(['To visit', 'Inspiration', 'Wallpapers']);
  const { username } = person.member;
  if (!liked.every((post) => post.at < at) || liked.length === 0) return [];
  return [
    {
      at,
      run: async (world) => {
        const context = await world.as(username, at);
        const folderId = await saveBookmarkFolder(context, {
          folderId: null,
          title,
        });
        for (const [index, post] of liked.entries())
          await setBookmark(context, {
            postId: world.post(post.index),
            isBookmarked: true,
            folderId: index % 2 ? folderId : null,
          });
      },
    },
  ];
}

/** A collection of the subject that somebody likes best, and a pin. */
export function shelfDeeds(
  person: PlannedMember,
  posts: readonly PlannedPost[],
  random: Random,
  end: Date,
): Deed[] {
  const at = later(end, -random.between(2, 30) * HOUR);
  const own = posts.filter(
    (post) =>
      post.author === person &&
      post.at < at &&
      (post.visibility === 'PUBLIC' || post.visibility === 'UNLISTED'),
  );
  const best = [...own].sort((first, second) => second.charm - first.charm);
  const [subject] = person.member.subjects;
  const gathered = own.filter((post) => post.subject === subject).slice(0, 12);
  const pins = random.whole(1, 2);
  const pin: Deed = {
    at,
    run: async (world) => {
      const context = await world.as(person.member.username, at);
      for (const post of best.slice(0, pins))
        await setPostPinned(context, { postId: world.post(post.index), pinned: true });
    },
  };
  const gather: Deed = {
    at: later(at, HOUR / 2),
    run: async (world) => {
      const context = await world.as(person.member.username, later(at, HOUR / 2));
      const postIds = gathered.map((post) => world.post(post.index));
      await saveCollection(context, {
        collectionId: null,
        holds: 'POSTS',
        title: TITLES[subject ?? 'sea'],
        description: 'The ones I like to come back to.',
        isHighlighted: true,
        postIds,
      });
    },
  };
  return [
    ...(best.length > 2 && random.chance(0.6) ? [pin] : []),
    ...(gathered.length > 2 ? [gather] : []),
  ];
}

/** Authors pin what they like best under their posts. */
export function commentPinDeeds(
  comments: readonly PlannedComment[],
  random: Random,
  end: Date,
): Deed[] {
  return random
    .some(
      comments.filter(({ parent, at }) => parent === null && later(at, 3 * HOUR) < end),
      Math.ceil(comments.length / 25),
    )
    .map(({ key, post, at }) => {
      const then = later(at, 2 * HOUR);
      return {
        at: then,
        run: async (world) => {
          const commentId = found(world.comments.get(key), `comment ${key}`);
          await setCommentPinned(await world.as(post.author.member.username, then), {
            commentId,
            isPinned: true,
          });
        },
      };
    });
}

/** Whoever was tagged looks at it a few hours later; not everybody has answered yet. */
export function tagAnswerDeed(person: PlannedMember, end: Date): Deed {
  const at = later(end, -2 * HOUR);
  return {
    at,
    run: async (world) => {
      const context = await world.as(person.member.username, at);
      const viewer = found(context.viewer, person.member.username);
      const waiting = await findWaitingTags(context.database, viewer.actorId, {
        size: 5,
        isBackward: false,
        from: null,
      });
      for (const { id } of waiting.rows) await respondToTag(context, { tagId: id, approved: true });
    },
  };
}

/** One block, one mute and two reports for the staff to look at, when everything else is over. */
export function quarrelDeeds(
  people: readonly PlannedMember[],
  posts: readonly PlannedPost[],
  random: Random,
  end: Date,
): Deed[] {
  const [first, second, third, fourth] = random.some(
    people.filter(
      ({ member }) =>
        member.role === 'USER' && member.username !== 'ada' && member.username !== 'ben',
    ),
    4,
  );
  if (!first || !second || !third || !fourth) return [];
  const reported = posts.find(
    ({ author, visibility }) => author === fourth && visibility === 'PUBLIC',
  );
  return [
    {
      at: end,
      run: async (world) => {
        const actorId = await world.actorId(second.member.username, end);
        await setBlock(await world.as(first.member.username, end), { actorId, blocked: true });
        await setMute(await world.as(third.member.username, end), {
          actorId,
          muted: true,
          durationSeconds: null,
          notifications: true,
        });
      },
    },
    {
      at: end,
      run: async (world) => {
        const draft = { category: 'SPAM' as const, ruleIds: [] };
        const spammer = await world.actorId(second.member.username, end);
        await fileReport(await world.as(third.member.username, end), {
          ...draft,
          actorId: spammer,
          subjectIds: [],
          comment: 'The same text under every picture.',
        });
        if (!reported) return;
        const actorId = await world.actorId(fourth.member.username, end);
        await fileReport(await world.as('ben', end), {
          ...draft,
          category: 'COPYRIGHT',
          actorId,
          subjectIds: [world.post(reported.index)],
          comment: 'I think I have seen this picture elsewhere.',
        });
      },
    },
  ];
}
