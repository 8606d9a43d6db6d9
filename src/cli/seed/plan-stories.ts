// Stories of the last hours, kept for as long as a story can last, so that a developer still finds them.
import type { Sticker } from '../../stories/sticker.js';
import { blankSticker } from '../../stories/sticker.js';
import type { StoryVisibility } from '../../stories/story.entity.js';
import type { PlannedFollow, PlannedMember } from './plan-people.js';
import { lightFor } from './plan-posts.js';
import type { Random } from './random.js';
import type { Shot } from './shoot.js';
import { HOUR, later } from './story.js';
import { HASHTAGS } from './words/captions.js';

/** A story that will be told. */
export interface PlannedStory {
  readonly key: string;
  readonly author: PlannedMember;
  readonly at: Date;
  readonly shot: Shot;
  readonly visibility: StoryVisibility;
  readonly caption: string;
  readonly stickers: readonly Sticker[];
  /** Who has looked at it by now. */
  readonly seenBy: readonly PlannedMember[];
}

const WORDS = [
  '',
  '',
  'On the way',
  'Right now',
  'Guess where',
  'More of this tomorrow',
  'Stay for the light',
];
const POLLS: readonly (readonly [string, readonly string[]])[] = [
  ['Colour or black and white?', ['Colour', 'Black and white']],
  ['Print it?', ['Yes, large', 'Yes, small', 'No']],
  ['Where to next?', ['Up', 'Down to the sea']],
];
const QUESTIONS = ['What shall I take pictures of next?', 'Your best tip for cold hands?'];

/** Plans one to three stories of about a third of the people. */
export function planStories(
  people: readonly PlannedMember[],
  follows: readonly PlannedFollow[],
  random: Random,
  end: Date,
): PlannedStory[] {
  const tellers = people.filter(({ member }) => member.username === 'ben' || random.chance(0.34));
  return tellers.flatMap((author) =>
    Array.from({ length: random.whole(1, 3) }, (_, index) => {
      const { username, subjects } = author.member;
      const at = later(end, -random.between(2, 20) * HOUR);
      const subject = random.pick(subjects);
      const wish = {
        seed: `story ${username} ${index}`,
        subject,
        light: lightFor(subject, random),
        width: 608,
        height: 1080,
        isMonochrome: false,
        camera: null,
      };
      const followers = follows.filter(
        ({ followee, acceptedAt }) => followee === author && acceptedAt !== null && acceptedAt < at,
      );
      const [visibility] = random.pickWeighted(VISIBILITIES, ([, weight]) => weight);
      return {
        key: `${username} ${index}`,
        author,
        at,
        shot: { owner: author, at: later(at, -HOUR / 6), wish, purpose: 'STORY' as const },
        visibility,
        caption: random.pick(WORDS),
        stickers: random.chance(0.55) ? [planSticker(author, random)] : [],
        // Something is left for ada to see.
        seenBy: followers
          .filter(({ follower }) => follower.member.username !== 'ada' && random.chance(0.4))
          .map(({ follower }) => follower),
      };
    }),
  );
}

const VISIBILITIES: readonly (readonly [StoryVisibility, number])[] = [
  ['PUBLIC', 6],
  ['FOLLOWERS', 3],
  ['CLOSE_FRIENDS', 1],
];

function planSticker(author: PlannedMember, random: Random): Sticker {
  const place = { x: 0.5, y: random.between(0.62, 0.85), rotation: random.between(-6, 6) };
  const kind = random.pick(['POLL', 'QUESTION', 'HASHTAG'] as const);
  const blank = { ...blankSticker(kind), ...place };
  if (kind === 'HASHTAG') {
    const [subject = 'sea'] = author.member.subjects;
    return { ...blank, label: HASHTAGS[subject][0] ?? subject };
  }
  if (kind === 'QUESTION') return { ...blank, label: random.pick(QUESTIONS) };
  const [label, options] = random.pick(POLLS);
  return { ...blank, label, options };
}
