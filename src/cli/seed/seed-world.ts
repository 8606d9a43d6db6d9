// Makes the seeded world: first everybody comes, then the months pass, and the jobs run as they would have.
import { availableParallelism } from 'node:os';
import { createJobs, START_JOBS } from '../../app/jobs.js';
import { openVideos } from '../../app/open-videos.js';
import { openImages } from '../../app/open-images.js';
import { openListening } from '../../app/open-listening.js';
import type { Services } from '../../platform/context.js';
import { drainJobs } from '../../platform/jobs/worker.js';
import { castOf } from './cast.js';
import { introduce, join } from './people.js';
import { Studio } from './pictures/studio.js';
import { planWorld, type Plan } from './plan.js';
import { lightFor } from './plan-posts.js';
import type { PlannedMember } from './plan-people.js';
import { highlightDeeds, storyDeeds } from './story-deeds.js';
import { publish } from './publish.js';
import { Random } from './random.js';
import { filmDeeds, shootFilms, type Filmed } from './film.js';
import { shoot, type Exposure, type Shot } from './shoot.js';
import { HOUR, later, type Deed } from './story.js';
import type { TickingClock } from './ticking-clock.js';
import { World, type Tally } from './world.js';

/** What to make. */
export interface SeedOptions {
  readonly seed: number;
  readonly people: number;
  readonly posts: number;
  readonly onProgress: (text: string) => void;
}

/** Deeds after which the jobs run, and the pause after which they run in any case. */
const ROUND = 60;
const PAUSE = 12 * HOUR;
const MINUTE = 60_000;

/** Makes the world on services whose clock is the given one. The data are empty before. */
export async function seedWorld(
  services: Services,
  clock: TickingClock,
  options: SeedOptions,
): Promise<Tally> {
  const end = later(new Date(), -MINUTE);
  const plan = planWorld(castOf(options.people), { ...options, end });
  await using studio = new Studio();
  const media = { ...services.config.media, workers: availableParallelism() };
  await using images = await openImages({ ...services.config, media }, services.log);
  await using videos = openVideos(services);
  const jobs = createJobs({ images, videos, listening: openListening(services.config) });
  const { pool } = services.database;
  const drain = () => drainJobs({ services, pool, jobs, scheduled: [], concurrency: 4 });
  const world = new World(services);
  const { onProgress } = options;
  const camera = { studio, drain, onProgress };

  clock.reach(plan.start);
  onProgress('Loading the gazetteer …');
  for (const job of START_JOBS) await job.run({ ...services, jobId: '0', attempt: 1 }, {});
  onProgress(`${plan.people.length} people come …`);
  for (const { member, joinedAt } of inTime(plan.people, ({ joinedAt: at }) => at))
    await join(world, member, joinedAt);
  await drain();
  await portray(world, plan.people, (shots) => shoot(world, shots, camera));
  onProgress('Pictures are taken …');
  const album = await shoot(world, shotsOf(plan), camera);
  onProgress('Videos are taken …');
  const filmed = await shootFilms(world, plan.films, camera);
  await drain();
  onProgress('Five months pass …');
  await live(world, storyOf(plan, { album, filmed }, end), { clock, drain, onProgress });
  return world.tally;
}

/** Everybody shows a face and what they like to see. */
async function portray(
  world: World,
  people: readonly PlannedMember[],
  take: (shots: Shot[]) => Promise<Exposure[]>,
): Promise<void> {
  const random = new Random('faces');
  const shots = people.flatMap((owner): Shot[] => {
    const { username, subjects } = owner.member;
    const at = later(owner.joinedAt, 5 * MINUTE);
    const [subject = 'sea'] = subjects;
    const face = {
      seed: `face ${username}`,
      subject: 'portrait',
      light: lightFor('portrait', random),
      width: 400,
      height: 400,
      isMonochrome: false,
      camera: null,
    } as const;
    const wide = {
      ...face,
      seed: `header ${username}`,
      subject,
      light: lightFor(subject, random),
      width: 1080,
      height: 360,
    };
    return [
      { owner, at, wish: face, purpose: 'AVATAR' },
      { owner, at, wish: wide, purpose: 'HEADER' },
    ];
  });
  const taken = await take(shots);
  for (const [index, person] of people.entries()) {
    const [avatar, header] = taken.slice(index * 2, index * 2 + 2);
    const pictures = { avatarMediaId: avatar!.mediaId, headerMediaId: header!.mediaId };
    await introduce(world, person, { at: later(person.joinedAt, 10 * MINUTE), ...pictures });
  }
}

function shotsOf({ posts, stories }: Plan): Shot[] {
  const albums = posts.flatMap(({ author, at, wishes }) =>
    wishes.map((wish): Shot => ({
      owner: author,
      at: later(at, -10 * MINUTE),
      wish,
      purpose: 'POST',
    })),
  );
  return [...albums, ...stories.map(({ shot }) => shot)];
}

/** Everything that happens, with the pictures in the order of `shotsOf`. */
function storyOf(
  plan: Plan,
  { album: taken, filmed }: { album: readonly Exposure[]; filmed: readonly Filmed[] },
  end: Date,
): Deed[] {
  const left = [...taken];
  const take = (count: number): Exposure[] => left.splice(0, count);
  const publications = plan.posts.map((post): Deed => {
    const album = take(post.wishes.length);
    const extras = plan.extras.get(post)!;
    return { at: post.at, run: (world) => publish(world, post, { album, extras }) };
  });
  const stories = plan.stories.flatMap((story) => storyDeeds(story, take(1)[0]!, end));
  const highlights = highlightDeeds(plan.stories, end);
  const films = filmed.flatMap((each) => filmDeeds(each, end));
  return inTime(
    [...publications, ...films, ...stories, ...highlights, ...plan.deeds],
    ({ at }) => at,
  );
}

/** Lets the months pass; the jobs run now and then, as of the time that was reached. */
async function live(
  world: World,
  story: readonly Deed[],
  {
    clock,
    drain,
    onProgress,
  }: { clock: TickingClock; drain: () => Promise<void>; onProgress: (text: string) => void },
): Promise<void> {
  let [waiting, last] = [0, story[0]?.at ?? new Date()];
  for (const [index, deed] of story.entries()) {
    if (waiting >= ROUND || deed.at.getTime() - last.getTime() > PAUSE) {
      await drain();
      waiting = 0;
    }
    clock.reach(deed.at);
    await deed.run(world);
    [waiting, last] = [waiting + 1, deed.at];
    if (index % 1000 === 999)
      onProgress(`  ${index + 1} of ${story.length} things have happened …`);
  }
  await drain();
}

function inTime<Item>(items: readonly Item[], timeOf: (item: Item) => Date): Item[] {
  return [...items].sort((first, second) => timeOf(first).getTime() - timeOf(second).getTime());
}
