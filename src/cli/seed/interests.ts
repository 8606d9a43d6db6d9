// What people read besides their home timeline: hashtags that they follow, and lists of people.
import { followHashtag } from '../../timelines/follow-hashtag.js';
import { saveActorList } from '../../timelines/save-actor-list.js';
import type { PlannedFollow, PlannedMember } from './plan-people.js';
import type { Random } from './random.js';
import { DAY, later, type Deed } from './story.js';
import { HASHTAGS } from './words/captions.js';

const TITLES = ['Close ones', 'Morning light', 'Near the sea', 'Teachers', 'Film people'];
const LISTED = 12;

/** Follows one or two hashtags, and now and then puts those whom somebody follows on a list. */
export function interestDeeds(
  person: PlannedMember,
  follows: readonly PlannedFollow[],
  random: Random,
  end: Date,
): Deed[] {
  const { username, subjects } = person.member;
  const isCurious = username === 'ada' || random.chance(0.5);
  const at = new Date(
    Math.max(person.joinedAt.getTime(), later(end, -random.between(5, 60) * DAY).getTime()) + DAY,
  );
  const names = random
    .some(subjects, random.whole(1, 2))
    .map((subject) => random.pick(HASHTAGS[subject]));
  const title = random.pick(TITLES);
  const listed = random.some(
    follows.filter((follow) => follow.follower === person && follow.at < at),
    LISTED,
  );
  if (!isCurious) return [];
  const follow: Deed = {
    at,
    run: async (world) => {
      const context = await world.as(username, at);
      for (const name of names) await followHashtag(context, { name, isFollowing: true });
    },
  };
  const list: Deed = {
    at,
    run: async (world) => {
      const addActorIds = await Promise.all(
        listed.map(({ followee }) => world.actorId(followee.member.username, at)),
      );
      await saveActorList(await world.as(username, at), { listId: null, title, addActorIds });
    },
  };
  return listed.length > 2 ? [follow, list] : [follow];
}
