// What people are told of stories: mentions, reactions and answers, and who is never told.
import { afterAll, beforeEach, beforeAll, expect, test } from '@jest/globals';
import { notificationsOf, settlePauses, summaryOf } from '../support/notifications.js';
import { block, follow } from '../support/posts.js';
import { tell } from '../support/stories.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let ben: Person;
let cem: Person;
let turn = 0;

beforeAll(async () => {
  world = await startWorld({ GRAPHQL_POINTS_PER_HOUR: '1000000' });
});

beforeEach(async () => {
  turn += 1;
  [ada, ben, cem] = [
    await world.local(`ada${turn}`),
    await world.local(`ben${turn}`),
    await world.local(`cem${turn}`),
  ];
});

afterAll(() => world[Symbol.asyncDispose]());

async function run(who: Person, name: string, input: object): Promise<void> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  const answer = await who.graphql<Record<string, { userErrors: object[] }>>(
    `mutation ($input: ${type}!) { ${name}(input: $input) { userErrors { code path } } }`,
    { input },
  );
  expect(answer.errors).toBeUndefined();
  expect(answer.data[name]).toEqual({ userErrors: [] });
}

test('whoever a story mentions is told, by caption or sticker, once, with the story', async () => {
  const id = await tell(world, ada, {
    caption: `with @${ben.username}`,
    stickers: [ben, cem].map(({ actorGlobalId }) => ({
      x: 0.5,
      y: 0.5,
      content: { mentionedActorId: actorGlobalId },
    })),
  });
  await settlePauses(world);
  const { nodes, unread } = await notificationsOf(ben);
  expect(unread).toBe(1);
  expect(nodes).toMatchObject([
    {
      kind: 'STORY_MENTION',
      actors: [{ username: ada.username }],
      subject: { __typename: 'Story', id },
      fallbackTitle: `\u2068@${ada.username}\u2069 mentioned you in a story`,
    },
  ]);
  expect(await summaryOf(cem)).toEqual([`STORY_MENTION ${ada.username}`]);
  expect(await summaryOf(ada)).toEqual([]);
});

test('reactions to one story are one notification, which a reaction taken back leaves', async () => {
  const id = await tell(world, ada, { visibility: 'PUBLIC' });
  await run(ben, 'setStoryReaction', { storyId: id, content: '🎉' });
  await run(ben, 'setStoryReaction', { storyId: id, content: '❤' });
  await run(cem, 'setStoryReaction', { storyId: id, content: '😂' });
  await settlePauses(world);
  const { nodes } = await notificationsOf(ada);
  expect(nodes).toMatchObject([
    { kind: 'STORY_REACTION', actorCount: 2, subject: { __typename: 'Story', id } },
  ]);
  expect(nodes[0]!.fallbackTitle).toContain('and 1 other reacted to your story');
  await run(cem, 'setStoryReaction', { storyId: id, content: null });
  await settlePauses(world);
  expect(await summaryOf(ada)).toEqual([`STORY_REACTION ${ben.username}`]);
});

test('each answer tells the author, and one that is deleted leaves', async () => {
  const id = await tell(world, ada, {
    visibility: 'PUBLIC',
    stickers: [{ x: 0.5, y: 0.5, content: { question: 'Where to?' } }],
  });
  await run(ben, 'answerStorySticker', { storyId: id, stickerIndex: 0, text: 'To the sea' });
  const answer = await cem.graphql<{ answerStory: { answer: { id: string } } }>(
    'mutation ($id: ID!) { answerStory(input: { storyId: $id, content: "Hi" }) { answer { id } } }',
    { id },
  );
  await settlePauses(world);
  expect((await summaryOf(ada)).toSorted()).toEqual([
    `STORY_ANSWER ${ben.username}`,
    `STORY_ANSWER ${cem.username}`,
  ]);
  await run(cem, 'deleteStoryAnswer', { answerId: answer.data.answerStory.answer.id });
  await settlePauses(world);
  expect(await summaryOf(ada)).toEqual([`STORY_ANSWER ${ben.username}`]);
});

test('a notification of a story ends with the story for those who see it no more', async () => {
  await follow(world, ben, ada);
  const id = await tell(world, ada, { caption: `@${ben.username}`, durationSeconds: 3600 });
  await run(ben, 'setStoryReaction', { storyId: id, content: '🎉' });
  await settlePauses(world);
  expect(await summaryOf(ben)).toEqual([`STORY_MENTION ${ada.username}`]);
  world.clock.advance(3601);
  expect(await notificationsOf(ben)).toMatchObject({ nodes: [], unread: 0 });
  // The author has it in the archive.
  expect((await summaryOf(ada))[0]).toBe(`STORY_REACTION ${ben.username}`);
  await run(ada, 'deleteStory', { storyId: id });
  expect(await summaryOf(ada)).not.toContain(`STORY_REACTION ${ben.username}`);
});

test('across a block nobody is told, and what was told before is gone', async () => {
  const id = await tell(world, ada, { visibility: 'PUBLIC', caption: `@${cem.username}` });
  await block(world, cem, ada);
  await run(ben, 'setStoryReaction', { storyId: id, content: '🎉' });
  await settlePauses(world);
  expect(await summaryOf(cem)).toEqual([]);
  await block(world, ada, ben);
  expect(await summaryOf(ada)).toEqual([]);
});
