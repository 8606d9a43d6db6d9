// Numbers that an author hides from others, and those of others that a reader does not want to see.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { comment, publish, react } from '../support/posts.js';
import { startWorld, type Person, type World } from '../support/world.js';

const POST = `query ($id: ID!) { post(by: { id: $id }) { counts { likes reactions comments reposts quotes }
  reactions { count } likedBy { nodes { username } } repostedBy { nodes { username } } viewerState { isLiked } } }`;
const HIDDEN = {
  counts: { likes: null, reactions: null, comments: null, reposts: null, quotes: null },
  reactions: [],
  likedBy: null,
  repostedBy: null,
};
const SHOWN = {
  counts: { likes: 1, reactions: 1, comments: 1, reposts: 0, quotes: 0 },
  reactions: [{ count: 1 }],
  likedBy: { nodes: [{ username: 'ben' }] },
  repostedBy: { nodes: [] },
};

let world: World;
let ada: Person;
let ben: Person;
let cem: Person;
let ofAda: string;
let ofCem: string;

beforeAll(async () => {
  world = await startWorld();
  [ada, ben, cem] = [await world.local('ada'), await world.local('ben'), await world.local('cem')];
  [ofAda, ofCem] = [await publish(world, ada), await publish(world, cem)];
  for (const id of [ofAda, ofCem]) {
    await react(ben, id, '❤');
    await comment(ben, id, 'Fine.');
  }
});

afterAll(() => world[Symbol.asyncDispose]());

async function see(who: Person | null, id: string): Promise<object> {
  const answer = await (who ?? world).graphql<{ post: object }>(POST, { id });
  expect(answer.errors).toBeUndefined();
  return answer.data.post;
}

async function settings(who: Person, input: object): Promise<void> {
  const answer = await who.graphql<{ updateSettings: { userErrors: object[] } }>(
    'mutation ($input: UpdateSettingsInput!) { updateSettings(input: $input) { userErrors { code } } }',
    { input },
  );
  expect(answer.data.updateSettings.userErrors).toEqual([]);
}

test('an author hides the numbers of own posts from others, and sees them still', async () => {
  await settings(ada, { hideCounts: true });
  for (const who of [ben, cem, null]) expect(await see(who, ofAda)).toMatchObject(HIDDEN);
  expect(await see(ada, ofAda)).toMatchObject(SHOWN);
  expect(await see(ada, ofCem)).toMatchObject(SHOWN);
  await settings(ada, { hideCounts: false });
  expect(await see(ben, ofAda)).toMatchObject(SHOWN);
});

test('a reader who wants no numbers sees those of own posts only, everywhere', async () => {
  await settings(ada, { hideOthersCounts: true });
  expect(await see(ada, ofCem)).toMatchObject(HIDDEN);
  expect(await see(ada, ofAda)).toMatchObject(SHOWN);
  for (const who of [ben, cem, null]) {
    expect(await see(who, ofAda)).toMatchObject(SHOWN);
    expect(await see(who, ofCem)).toMatchObject(SHOWN);
  }
  const list = await ada.graphql(
    '{ publicTimeline(first: 2) { nodes { id counts { likes reactions } } } }',
  );
  expect(list.data).toEqual({
    publicTimeline: {
      nodes: [
        { id: ofCem, counts: { likes: null, reactions: null } },
        { id: ofAda, counts: { likes: 1, reactions: 1 } },
      ],
    },
  });
  await react(ada, ofCem, '❤');
  expect(await see(ada, ofCem)).toMatchObject({ ...HIDDEN, viewerState: { isLiked: true } });
  await react(ada, ofCem, null);
  await settings(ada, { hideOthersCounts: null });
  expect(await see(ada, ofCem)).toMatchObject(SHOWN);
});
