// How long an author waits for their post to be published, with ten and with ten thousand followers, while the same
// process writes it into their timelines. Pairs in turn; each waits until the post has reached everybody.
import { Agent } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { toGlobalId } from '../src/platform/ids.js';
import { send, startOurs, type Contestant } from './contestant.js';
import { compared, median, type Figure } from './figure.js';
import { startFollowersWorld, type Author, type FollowersWorld } from './followers-world.js';

const [FEW, MANY] = [10, 10_000];
const WARM_UP_PAIRS = 15;
const ROUNDS = 9;
const PAIRS = 5;
const GOAL = { atMost: 1.3 };

const PUBLISH = `mutation ($input: PublishPhotoPostInput!) {
  publishPhotoPost(input: $input) { post { id } userErrors { message } }
}`;

/** Milliseconds of the mutation, many followers against few. */
export async function run(): Promise<Figure[]> {
  await using world = await startFollowersWorld([FEW, MANY], WARM_UP_PAIRS + ROUNDS * PAIRS);
  await using ours = await startOurs(world, { ENTITLEMENT_POSTS_PER_DAY: '1000000' });
  const waits: { many: number[]; few: number[] } = { many: [], few: [] };
  const [few, many] = world.authors;
  await publishPairs(WARM_UP_PAIRS);
  for (let round = 0; round < ROUNDS; round++) {
    const pairs = await publishPairs(PAIRS);
    waits.few.push(median(pairs.few));
    waits.many.push(median(pairs.many));
  }
  return [
    compared(
      'publishing: 10,000 followers / 10 followers, as the author waits',
      [waits.many, waits.few],
      'ms',
      GOAL,
    ),
  ];

  async function publishPairs(count: number): Promise<{ few: number[]; many: number[] }> {
    const pairs: { few: number[]; many: number[] } = { few: [], many: [] };
    for (let pair = 0; pair < count; pair++) {
      pairs.few.push(await publish(ours, world, few!));
      pairs.many.push(await publish(ours, world, many!));
    }
    return pairs;
  }
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** Milliseconds until the author has the answer. */
async function publish(server: Contestant, world: FollowersWorld, author: Author): Promise<number> {
  const mediaId = toGlobalId('media', author.mediaIds.pop()!);
  const variables = {
    input: { mediaIds: [mediaId], common: { caption: 'Morning #light', visibility: 'PUBLIC' } },
  };
  const startedAt = performance.now();
  const text = await send(server, { query: PUBLISH, variables, token: author.token }, agent);
  const waited = performance.now() - startedAt;
  const { data } = JSON.parse(text) as { data?: { publishPhotoPost: { post: object | null } } };
  if (!data?.publishPhotoPost.post) throw new Error(`not published: ${text.slice(0, 500)}`);
  await reachEverybody(world);
  return waited;
}

async function reachEverybody({ pool }: FollowersWorld): Promise<void> {
  const open = `select from posts where not exists (select from home_fan_outs where post_id = posts.id)`;
  while ((await pool.query(open)).rowCount !== 0) await delay(5);
}
