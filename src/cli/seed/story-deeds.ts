// Telling stories, looking at them, and keeping some on the profile.
import { setCloseFriend } from '../../actors/set-close-friend.js';
import { markStoriesSeen } from '../../stories/mark-stories-seen.js';
import { publishStory } from '../../stories/publish-story.js';
import { saveHighlight } from '../../stories/save-highlight.js';
import { setStoryReaction } from '../../stories/set-story-reaction.js';
import type { PlannedStory } from './plan-stories.js';
import type { Exposure } from './shoot.js';
import { HOUR, later, type Deed } from './story.js';
import { found } from './world.js';

const WEEK_SECONDS = 7 * 24 * 3600;

/** Tells the story, and lets others look at it and react. */
export function storyDeeds(story: PlannedStory, { mediaId }: Exposure, end: Date): Deed[] {
  const { key, author, at, caption, visibility, stickers } = story;
  const username = author.member.username;
  const befriend: Deed = {
    at: later(at, -1),
    run: async (world) => {
      const context = await world.as(username, at);
      for (const { member } of story.seenBy.slice(0, 4)) {
        const actorId = await world.actorId(member.username, at);
        await setCloseFriend(context, { actorId, isCloseFriend: true });
      }
    },
  };
  const tell: Deed = {
    at,
    run: async (world) => {
      const draft = { mediaId, caption, visibility, stickers, durationSeconds: WEEK_SECONDS };
      const choices = { allowsAnswers: true, isKept: true };
      const context = await world.as(username, at);
      world.stories.set(key, await publishStory(context, { ...draft, ...choices }));
      world.tally.stories += 1;
    },
  };
  const isClose = visibility === 'CLOSE_FRIENDS';
  const onlookers = isClose ? story.seenBy.slice(0, 4) : story.seenBy;
  const looks = onlookers.map((person, index): Deed => {
    const then = new Date(Math.min(end.getTime(), at.getTime() + (index + 1) * (HOUR / 4)));
    return {
      at: then,
      run: async (world) => {
        const storyId = found(world.stories.get(key), `story ${key}`);
        const context = await world.as(person.member.username, then);
        await markStoriesSeen(context, [storyId]);
        if (index % 3 === 0) await setStoryReaction(context, { storyId, content: '❤' });
      },
    };
  });
  return [...(isClose ? [befriend] : []), tell, ...looks];
}

/** Whoever told more than one story keeps them together on the profile. */
export function highlightDeeds(stories: readonly PlannedStory[], end: Date): Deed[] {
  const authors = new Set(stories.map(({ author }) => author));
  return [...authors].flatMap((author): Deed[] => {
    const own = stories.filter((story) => story.author === author);
    if (own.length < 2) return [];
    return [
      {
        at: end,
        run: async (world) => {
          const storyIds = own.map(({ key }) => found(world.stories.get(key), `story ${key}`));
          const change = { highlightId: null, title: author.member.home, storyIds };
          await saveHighlight(await world.as(author.member.username, end), change);
        },
      },
    ];
  });
}
