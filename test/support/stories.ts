// Stories made through the public API.
import { block, follow, readyPicture, type Answered } from './posts.js';
import { startWorld, type Person, type World } from './world.js';

const PUBLISH = `mutation ($input: PublishStoryInput!) { publishStory(input: $input) {
  story { id } userErrors { code path } } }`;

/** People around Ada: Ben follows her, Carl does not, Mallory wanted to and is blocked. */
export interface StoryWorld {
  readonly world: World;
  readonly ada: Person;
  readonly ben: Person;
  readonly carl: Person;
  readonly mallory: Person;
}

/** Starts a world with these people. */
export async function startStoryWorld(): Promise<StoryWorld> {
  const world = await startWorld({ GRAPHQL_POINTS_PER_HOUR: '1000000' });
  const ada = await world.local('ada');
  const ben = await world.local('ben');
  const carl = await world.local('carl');
  const mallory = await world.local('mallory');
  await follow(world, ben, ada);
  await follow(world, mallory, ada);
  await block(world, ada, mallory);
  return { world, ada, ben, carl, mallory };
}

/** Sends publishStory. */
export async function sendStory(
  author: Person,
  input: Record<string, unknown>,
): Promise<Answered<{ story: { id: string } | null }>> {
  const answer = await author.graphql<{
    publishStory: Answered<{ story: { id: string } | null }>;
  }>(PUBLISH, { input });
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.publishStory;
}

/** Publishes a story with a new picture; answers its global id. */
export async function tell(
  world: World,
  author: Person,
  input: Record<string, unknown> = {},
): Promise<string> {
  const mediaId = await readyPicture(world, author, { purpose: 'STORY' });
  const { story, userErrors } = await sendStory(author, { mediaId, ...input });
  if (!story) throw new Error(JSON.stringify(userErrors));
  return story.id;
}

/** Marks stories as seen. */
export async function see(who: Person, ...storyIds: string[]): Promise<void> {
  const answer = await who.graphql<{ markStoriesSeen: Answered<object> }>(
    'mutation ($ids: [ID!]!) { markStoriesSeen(input: { storyIds: $ids }) { userErrors { code } } }',
    { ids: storyIds },
  );
  if (answer.data?.markStoriesSeen.userErrors.length !== 0) throw new Error(JSON.stringify(answer));
}
