// Who publishes a short video, and who watches it.
import type { Wish } from './pictures/picture.js';
import type { Subject } from './pictures/scene.js';
import { lightFor } from './plan-posts.js';
import type { PlannedMember } from './plan-people.js';
import type { Random } from './random.js';
import { DAY, HOUR, later } from './story.js';
import { CAPTIONS, HASHTAGS } from './words/captions.js';

/** A video that will be published. */
export interface PlannedFilm {
  readonly index: number;
  readonly author: PlannedMember;
  readonly at: Date;
  /** What the camera pans over. */
  readonly wish: Wish;
  readonly title: string;
  readonly caption: string;
  /** Who watches it, and who of them likes it. */
  readonly audience: readonly { readonly member: PlannedMember; readonly likes: boolean }[];
}

/** Size of the picture, which is larger than what the camera shows of it. */
const WIDTH = 900;
const HEIGHT = 1200;

/** Most videos of a world: each has to be encoded. */
const MOST = 6;
/** Posts for each of them. */
const POSTS_EACH = 10;
/** They are among the newest posts, so that feeds begin with some. */
const DAYS = 12;

/** Whatever holds still long enough for a camera that moves. */
const SUBJECTS: readonly Subject[] = ['sea', 'mountains', 'city', 'forest', 'lake', 'dunes'];
const TITLES: Readonly<Record<string, string>> = {
  sea: 'Slowly along the water',
  mountains: 'From ridge to ridge',
  city: 'A street at night',
  forest: 'Between the trees',
  lake: 'Once around the shore',
  dunes: 'Following the wind',
};

/** Plans a few videos of the last days. */
export function planFilms(
  people: readonly PlannedMember[],
  random: Random,
  { posts, end }: { readonly posts: number; readonly end: Date },
): PlannedFilm[] {
  const count = Math.min(MOST, Math.ceil(posts / POSTS_EACH));
  return Array.from({ length: count }, (_, index): PlannedFilm => {
    const author = people[index % people.length]!;
    const subject = SUBJECTS[index % SUBJECTS.length]!;
    const { language } = author.member;
    const others = people.filter((person) => person !== author);
    return {
      index,
      author,
      at: later(end, -random.between(1, DAYS) * DAY),
      wish: {
        seed: `film ${index}`,
        subject,
        light: lightFor(subject, random),
        width: WIDTH,
        height: HEIGHT,
        isMonochrome: false,
        camera: null,
      },
      title: TITLES[subject]!,
      caption: `${random.pick(CAPTIONS[language][subject])}\n\n#${HASHTAGS[subject][0]} #video`,
      audience: random
        .some(others, random.whole(2, 12))
        .map((member) => ({ member, likes: random.chance(0.6) })),
    };
  });
}

/** When the nth of those who watch a video does so. */
export function watchedAt(film: PlannedFilm, nth: number): Date {
  return later(film.at, (0.2 + nth) * HOUR);
}
