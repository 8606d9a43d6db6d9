// Who comes when, and who follows whom: circles of the same taste, a few whom many follow, and ties across.
import type { Member } from './cast.js';
import type { Random } from './random.js';
import { DAY, HOUR, later } from './story.js';

/** Somebody and how they are. */
export interface PlannedMember {
  readonly member: Member;
  readonly joinedAt: Date;
  /** How many look at them: 1 is ordinary. */
  readonly renown: number;
  readonly isLocked: boolean;
  readonly isDiscoverable: boolean;
  readonly reviewsTags: boolean;
  readonly camera: string;
  /** Shows under their pictures how they were taken. */
  readonly showsCamera: boolean;
}

/** One person follows another. */
export interface PlannedFollow {
  readonly follower: PlannedMember;
  readonly followee: PlannedMember;
  readonly at: Date;
  /** When the followed one lets them; the same instant where nobody has to ask, null = not yet. */
  readonly acceptedAt: Date | null;
  readonly notifiesOnPost: boolean;
}

const CAMERAS = [
  'Fujifilm X-T5',
  'Nikon Z6 II',
  'Canon AE-1',
  'Sony ILCE-7M4',
  'Olympus OM-1',
  'Fairphone 5',
  'Pentax K-1',
  'Leica M6',
  'Ricoh GR III',
];

/** Whom nearly everybody knows. */
const RENOWNED: Readonly<Record<string, number>> = {
  ada: 4,
  freja: 3.4,
  yuki: 3,
  omar: 2.4,
  ben: 2,
};

/** Where fewer people live, everybody knows more of the others. */
const VILLAGE = 20;

/** Share of the months after which nobody new comes. */
const ARRIVALS = 0.4;

/** Plans arrivals from `start` on; the staff, ada and ben are the first. */
export function planPeople(
  cast: readonly Member[],
  random: Random,
  { start, days }: { start: Date; days: number },
): PlannedMember[] {
  return cast.map((member, index) => ({
    member,
    joinedAt: later(
      start,
      index < 4 ? (index + 1) * HOUR : random.between(0.01, ARRIVALS) * days * DAY,
    ),
    renown: RENOWNED[member.username] ?? random.between(0.4, 1.4),
    isLocked: random.chance(0.07) && index > 5,
    isDiscoverable: !random.chance(0.1) || index < 4,
    reviewsTags: random.chance(0.5),
    camera: random.pick(CAMERAS),
    showsCamera: random.chance(0.5),
  }));
}

/** Plans follows until `end`. */
export function planFollows(
  people: readonly PlannedMember[],
  random: Random,
  { end }: { end: Date },
): PlannedFollow[] {
  const follows: PlannedFollow[] = [];
  for (const follower of people)
    for (const followee of people) {
      if (follower === followee) continue;
      if (!random.chance(likelihood(follower, followee) * Math.max(1, VILLAGE / people.length)))
        continue;
      const first = Math.max(follower.joinedAt.getTime(), followee.joinedAt.getTime()) + 2 * HOUR;
      const room = end.getTime() - first - DAY;
      if (room <= 0) continue;
      // Most find each other soon.
      const at = new Date(first + room * random.next() ** 2.5);
      const answer = random.chance(0.75) ? later(at, random.between(0.5, 20) * HOUR) : null;
      follows.push({
        follower,
        followee,
        at,
        acceptedAt: followee.isLocked ? answer : at,
        notifiesOnPost: random.chance(0.06),
      });
    }
  return follows;
}

function likelihood(follower: PlannedMember, followee: PlannedMember): number {
  const [mine, theirs] = [follower.member, followee.member];
  const ties = mine.subjects.filter((subject) => theirs.subjects.includes(subject)).length;
  const sameTongue = mine.language === theirs.language ? 0.1 : 0;
  const isNewsreader = mine.role !== 'USER' ? 0.5 : 1;
  return Math.min(0.95, (0.03 + ties * 0.13 + sameTongue) * followee.renown * isNewsreader);
}
