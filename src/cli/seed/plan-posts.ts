// Who publishes what, and when: more in the evening, a few a lot, most now and then.
import type { CommentPolicy, Visibility } from '../../actors/visibility.js';
import type { LightName } from './pictures/light.js';
import type { Wish } from './pictures/picture.js';
import type { Subject } from './pictures/scene.js';
import type { PlannedMember } from './plan-people.js';
import type { Random } from './random.js';
import { DAY, HOUR, later } from './story.js';
import { CAPTIONS, HASHTAGS } from './words/captions.js';

/** A post that will be published. */
export interface PlannedPost {
  readonly index: number;
  readonly author: PlannedMember;
  readonly at: Date;
  readonly subject: Subject;
  readonly wishes: readonly Wish[];
  readonly caption: string;
  readonly visibility: Visibility;
  readonly commentPolicy: CommentPolicy;
  readonly contentWarning: string | null;
  readonly license: string | null;
  readonly hasPlace: boolean;
  /** How much it moves people: 1 is ordinary. */
  readonly charm: number;
}

const LIGHTS_OF: Readonly<Record<Subject, readonly LightName[]>> = {
  mountains: ['dawn', 'morning', 'noon', 'golden', 'sunset', 'overcast'],
  lake: ['dawn', 'morning', 'golden', 'sunset', 'overcast'],
  sea: ['dawn', 'morning', 'noon', 'golden', 'sunset', 'dusk', 'overcast'],
  beach: ['dawn', 'morning', 'golden', 'sunset', 'overcast'],
  city: ['dusk', 'night', 'sunset'],
  flower: ['morning', 'golden', 'overcast'],
  forest: ['dawn', 'morning', 'golden', 'overcast'],
  dunes: ['dawn', 'morning', 'noon', 'golden', 'sunset'],
  stars: ['night'],
  rain: ['dusk', 'night'],
  coffee: ['morning'],
  portrait: ['golden', 'morning', 'sunset', 'dusk'],
};

/** An hour or a weather that suits the subject. */
export function lightFor(subject: Subject, random: Random): LightName {
  return random.pick(LIGHTS_OF[subject]);
}

/** Width to height of pictures as people crop them. */
const SHAPES = [
  [1080, 720],
  [1080, 810],
  [1080, 608],
  [900, 900],
  [864, 1080],
  [720, 1080],
  [810, 1080],
] as const;

const LICENSES = ['CC-BY-4.0', 'CC-BY-SA-4.0', 'CC-BY-NC-4.0', 'CC0-1.0'];
const WARNINGS: Partial<Record<Subject, string>> = {
  coffee: 'Food and drink',
  mountains: 'Heights',
  rain: 'Bad weather, mild despair',
};

/** Plans `count` posts from the first arrival until `end`. */
export function planPosts(
  people: readonly PlannedMember[],
  random: Random,
  { count, end }: { count: number; end: Date },
): PlannedPost[] {
  const weights = new Map(
    people.map((author) => [author, (0.25 + random.next() ** 2) * (0.6 + author.renown * 0.4)]),
  );
  return Array.from({ length: count }, (_, index) => {
    // Everybody shows something; then the busy ones more.
    const author =
      people[index] ?? random.pickWeighted(people, (person) => weights.get(person) ?? 0);
    return planPost(index, author, random, end);
  });
}

function planPost(index: number, author: PlannedMember, random: Random, end: Date): PlannedPost {
  const { subjects, language } = author.member;
  const subject: Subject = random.chance(0.05)
    ? 'portrait'
    : random.pickWeighted(subjects, (liked) => 1 / (1 + subjects.indexOf(liked)));
  const caption = `${random.pick(CAPTIONS[language][subject])}\n\n${hashtags(subject, random)}`;
  const hasWarning = random.chance(0.12);
  return {
    index,
    author,
    at: anEvening(author, random, end),
    subject,
    wishes: planAlbum(index, { author, subject }, random),
    caption,
    visibility: random.pickWeighted(VISIBILITIES, ([, weight]) => weight)[0],
    commentPolicy: random.pickWeighted(POLICIES, ([, weight]) => weight)[0],
    contentWarning: hasWarning ? (WARNINGS[subject] ?? null) : null,
    license: random.chance(0.35) ? random.pick(LICENSES) : null,
    hasPlace: random.chance(0.55),
    charm: random.between(0.25, 1.1) + (random.chance(0.06) ? 1.6 : 0),
  };
}

const VISIBILITIES: readonly (readonly [Visibility, number])[] = [
  ['PUBLIC', 80],
  ['UNLISTED', 7],
  ['FOLLOWERS', 8],
  ['LOCAL', 5],
];
const POLICIES: readonly (readonly [CommentPolicy, number])[] = [
  ['EVERYONE', 90],
  ['FOLLOWERS', 6],
  ['NOBODY', 4],
];

/** Some time between joining and the end, rather in the evening. */
function anEvening(author: PlannedMember, random: Random, end: Date): Date {
  const first = later(author.joinedAt, 3 * HOUR);
  const room = end.getTime() - first.getTime() - HOUR;
  const at = new Date(first.getTime() + room * random.next());
  const hour = Math.max(0, Math.min(23.9, 18 + random.bell() * 5));
  const evening = new Date(Math.floor(at.getTime() / DAY) * DAY + hour * HOUR);
  return evening < first || evening.getTime() > end.getTime() - HOUR ? at : evening;
}

function planAlbum(
  index: number,
  { author, subject }: Pick<PlannedPost, 'author' | 'subject'>,
  random: Random,
): Wish[] {
  const size = random.chance(0.16) ? random.whole(2, 4) : 1;
  const [width, height] = random.pick(SHAPES);
  const isMonochrome = random.chance(subject === 'portrait' || subject === 'rain' ? 0.3 : 0.08);
  return Array.from({ length: size }, (_, part) => ({
    seed: `${index}.${part}.${random.whole(0, 1_000_000)}`,
    subject,
    light: lightFor(subject, random),
    width,
    height,
    isMonochrome,
    camera: author.camera,
  }));
}

function hashtags(subject: Subject, random: Random): string {
  const [first = subject, ...others] = HASHTAGS[subject];
  return [first, ...random.some(others, random.whole(0, 2))].map((tag) => `#${tag}`).join(' ');
}
