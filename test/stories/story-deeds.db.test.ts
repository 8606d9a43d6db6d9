// What is on stories, for whom they are, and what others do with them.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { block, follow, publish, readyPicture, unfollow, type Answered } from '../support/posts.js';
import { sendStory, startStoryWorld, tell } from '../support/stories.js';
import type { Person, World } from '../support/world.js';
import { addPlaces } from '../contract/places.js';
import { toGlobalId } from '../../src/platform/ids.js';

let world: World;
let ada: Person;
let ben: Person;
let carl: Person;
let mallory: Person;

beforeAll(async () => {
  ({ world, ada, ben, carl, mallory } = await startStoryWorld());
});

afterAll(() => world[Symbol.asyncDispose]());

const at = (content: object, place: object = {}) => ({ x: 0.25, y: 0.75, ...place, content });
const poll = { poll: { question: 'Sea or hills?', options: ['Sea', 'Hills', 'Both'] } };
const question = { question: 'Where to?' };

const STORY = `id viewerReaction viewerCanAnswer mentions { username }
  stickers { index kind x y rotation label options results viewerVote url endsAt
    actor { username } hashtag { name } place { name } voters(optionIndex: 1, first: 10) { nodes { username } } }
  reactions(first: 10) { nodes { content actor { username } } }
  answers(first: 10) { nodes { content stickerIndex actor { username } } }`;

interface SeenStory {
  readonly viewerReaction: string | null;
  readonly viewerCanAnswer: boolean;
  readonly stickers: readonly {
    kind: string;
    results: number[] | null;
    viewerVote: number | null;
  }[];
  readonly reactions: object | null;
  readonly answers: { nodes: { content: string }[] } | null;
}

async function look(who: Person | null, id: string): Promise<SeenStory | null> {
  const answer = await (who ?? world).graphql<{ node: SeenStory | null }>(
    `query ($id: ID!) { node(id: $id) { ... on Story { ${STORY} } } }`,
    { id },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.node;
}

async function run(who: Person, name: string, input: object): Promise<Answered<object>> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  const answer = await who.graphql<Record<string, Answered<object>>>(
    `mutation ($input: ${type}!) { ${name}(input: $input) { userErrors { code path } } }`,
    { input },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data[name]!;
}

const refused = (code: string, ...path: string[]) => ({ userErrors: [{ code, path }] });
const fine = { userErrors: [] };

test('a story for close friends is seen by them alone, followers or not', async () => {
  await run(ada, 'setCloseFriend', { actorId: carl.actorGlobalId, closeFriend: true });
  const id = await tell(world, ada, { visibility: 'CLOSE_FRIENDS' });
  expect(await look(carl, id)).not.toBeNull();
  expect(await look(ada, id)).not.toBeNull();
  for (const other of [ben, mallory, null]) expect(await look(other, id)).toBeNull();
  await run(ada, 'setCloseFriend', { actorId: carl.actorGlobalId, closeFriend: false });
  expect(await look(carl, id)).toBeNull();
});

test('close friends come before others in the tray', async () => {
  const lou = await world.local('lou');
  const [early, late] = [await world.local('early'), await world.local('late')];
  for (const author of [early, late]) await follow(world, lou, author);
  await tell(world, early);
  await tell(world, late);
  const order = async () => {
    const answer = await lou.graphql<{
      viewer: { storyTray: { nodes: { actor: { username: string } }[] } };
    }>('{ viewer { storyTray { nodes { actor { username } } } } }');
    return answer.data.viewer.storyTray.nodes.map(({ actor }) => actor.username);
  };
  expect(await order()).toEqual(['late', 'early']);
  await run(lou, 'setCloseFriend', { actorId: early.actorGlobalId, closeFriend: true });
  expect(await order()).toEqual(['early', 'late']);
});

test('stickers of every kind are shown where they were put', async () => {
  const [placeId] = await addPlaces(world, 'Kite Bay', 1);
  const endsAt = new Date(world.clock.now().getTime() + 3_600_000).toISOString();
  await publish(world, ada, { caption: '#Kites' });
  const id = await tell(world, ada, {
    stickers: [
      at({ mentionedActorId: carl.actorGlobalId }, { rotation: -12.5 }),
      at({ hashtag: '#KITES' }),
      at({ placeId: toGlobalId('place', placeId!) }),
      at({ link: { url: 'https://a.example/kites', label: 'More' } }),
      at(poll),
      at(question),
      at({ countdown: { label: 'Wind', endsAt } }),
    ],
  });
  const seen = await look(ben, id);
  const bare = {
    x: 0.25,
    y: 0.75,
    rotation: 0,
    label: null,
    options: [],
    results: null,
    viewerVote: null,
    url: null,
    endsAt: null,
    actor: null,
    hashtag: null,
    place: null,
    voters: null,
  };
  expect(seen).toMatchObject({
    mentions: [{ username: 'carl' }],
    stickers: [
      { ...bare, index: 0, kind: 'MENTION', rotation: -12.5, actor: { username: 'carl' } },
      { ...bare, index: 1, kind: 'HASHTAG', label: 'KITES', hashtag: { name: 'kites' } },
      { ...bare, index: 2, kind: 'PLACE', place: { name: expect.stringContaining('Kite Bay') } },
      { ...bare, index: 3, kind: 'LINK', label: 'More', url: 'https://a.example/kites' },
      {
        ...bare,
        index: 4,
        kind: 'POLL',
        label: 'Sea or hills?',
        options: ['Sea', 'Hills', 'Both'],
      },
      { ...bare, index: 5, kind: 'QUESTION', label: 'Where to?' },
      { ...bare, index: 6, kind: 'COUNTDOWN', label: 'Wind', endsAt },
    ],
  });
  // Whom it mentions sees it without following.
  expect(await look(carl, id)).not.toBeNull();
});

test('stickers that cannot be are refused with their place', async () => {
  const mediaId = await readyPicture(world, ada, { purpose: 'STORY' });
  const refusal = async (...stickers: object[]) =>
    (await sendStory(ada, { mediaId, stickers })).userErrors;
  const invalid = (...path: string[]) => [{ code: 'INVALID_INPUT', path: ['stickers', ...path] }];
  const past = new Date(world.clock.now().getTime() - 1000).toISOString();
  expect(await refusal(at(question), at(question, { x: 1.01 }))).toEqual(invalid('1', 'x'));
  expect(await refusal(at(question, { y: -0.01 }))).toEqual(invalid('0', 'y'));
  expect(await refusal(at(question, { rotation: 181 }))).toEqual(invalid('0', 'rotation'));
  expect(await refusal(at({ hashtag: '#1' }))).toEqual(invalid('0', 'content', 'hashtag'));
  expect(await refusal(at({ link: { url: 'at://a.example' } }))).toEqual(
    invalid('0', 'content', 'link'),
  );
  expect(await refusal(at({ question: ' ' }))).toEqual(invalid('0', 'content', 'question'));
  expect(await refusal(at({ question: 'x'.repeat(201) }))).toEqual(invalid('0', 'content'));
  expect(await refusal(at({ poll: { question: 'Sea?', options: ['Yes'] } }))).toEqual(
    invalid('0', 'content', 'poll', 'options'),
  );
  expect(await refusal(at({ poll: { question: 'Sea?', options: ['Yes', ' '] } }))).toEqual(
    invalid('0', 'content', 'poll', 'options', '1'),
  );
  expect(await refusal(at({ countdown: { label: 'Wind', endsAt: past } }))).toEqual(
    invalid('0', 'content', 'countdown'),
  );
  expect(await refusal(at({ mentionedActorId: mallory.actorGlobalId }))).toEqual([
    { code: 'NOT_FOUND', path: ['stickers', '0', 'content', 'mentionedActorId'] },
  ]);
  expect(await refusal(...Array.from({ length: 11 }, () => at(question)))).toEqual([
    { code: 'LIMIT_EXCEEDED', path: ['stickers'] },
  ]);
  expect((await sendStory(ada, { mediaId, stickers: [at(question)] })).userErrors).toEqual([]);
});

test('votes are counted for voters and the author, and only the author sees whose they are', async () => {
  const id = await tell(world, ada, { visibility: 'PUBLIC', stickers: [at(question), at(poll)] });
  const vote = (who: Person, optionIndex: number, stickerIndex = 1) =>
    run(who, 'answerStorySticker', { storyId: id, stickerIndex, optionIndex });
  const pollOf = async (who: Person | null) => (await look(who, id))!.stickers[1]!;
  expect(await pollOf(carl)).toMatchObject({ results: null, viewerVote: null, voters: null });
  expect(await pollOf(null)).toMatchObject({ results: null, viewerVote: null, voters: null });
  expect(await vote(ben, 0)).toEqual(fine);
  expect(await vote(ben, 1)).toEqual(fine);
  expect(await vote(carl, 2)).toEqual(fine);
  expect(await pollOf(ben)).toMatchObject({ results: [0, 1, 1], viewerVote: 1, voters: null });
  expect(await pollOf(ada)).toMatchObject({
    results: [0, 1, 1],
    viewerVote: null,
    voters: { nodes: [{ username: 'ben' }] },
  });
  expect(await vote(ada, 0)).toEqual(refused('FORBIDDEN', 'storyId'));
  expect(await vote(mallory, 0)).toEqual(refused('NOT_FOUND', 'storyId'));
  expect(await vote(ben, 3)).toEqual(refused('NOT_FOUND', 'optionIndex'));
  expect(await vote(ben, 0, 0)).toEqual(refused('NOT_FOUND', 'stickerIndex'));
  expect(await vote(ben, 0, 99_999)).toEqual(refused('NOT_FOUND', 'stickerIndex'));
});

test('ten who vote twice at once are ten votes', async () => {
  const id = await tell(world, ada, { visibility: 'PUBLIC', stickers: [at(poll)] });
  const crowd = await Promise.all(
    Array.from({ length: 10 }, (_, index) => world.local(`fan${index}`)),
  );
  await Promise.all(
    crowd.flatMap((fan) =>
      [0, 1].map((optionIndex) =>
        run(fan, 'answerStorySticker', { storyId: id, stickerIndex: 0, optionIndex }),
      ),
    ),
  );
  const [sticker] = (await look(ada, id))!.stickers;
  expect(sticker!.results!.reduce((sum, votes) => sum + votes, 0)).toBe(10);
});

test('a reaction is seen by its author and the author of the story, changed and taken back', async () => {
  const id = await tell(world, ada, { visibility: 'PUBLIC' });
  const react = (who: Person, content: string | null) =>
    run(who, 'setStoryReaction', { storyId: id, content });
  expect(await react(ben, '🎉')).toEqual(fine);
  expect(await react(ben, '❤️')).toEqual(fine);
  expect(await react(carl, '😂')).toEqual(fine);
  expect(await look(ben, id)).toMatchObject({ viewerReaction: '❤', reactions: null });
  expect(await look(ada, id)).toMatchObject({
    viewerReaction: null,
    reactions: {
      nodes: [
        { content: '😂', actor: { username: 'carl' } },
        { content: '❤', actor: { username: 'ben' } },
      ],
    },
  });
  expect(await react(ben, null)).toEqual(fine);
  expect(await look(ada, id)).toMatchObject({ reactions: { nodes: [{ content: '😂' }] } });
  expect(await react(ben, 'no')).toEqual(refused('INVALID_INPUT', 'content'));
  expect(await react(ada, '🎉')).toEqual(refused('FORBIDDEN', 'storyId'));
  expect(await react(mallory, '🎉')).toEqual(refused('NOT_FOUND', 'storyId'));
});

test('who does not see a story any more can take a reaction back, and nothing else', async () => {
  const finn = await world.local('finn');
  await follow(world, finn, ada);
  const id = await tell(world, ada);
  const react = (content: string | null) => run(finn, 'setStoryReaction', { storyId: id, content });
  expect(await react('🎉')).toEqual(fine);
  await unfollow(world, finn, ada);
  expect(await react('😂')).toEqual(refused('NOT_FOUND', 'storyId'));
  expect(await react(null)).toEqual(fine);
  expect(await react(null)).toEqual(refused('NOT_FOUND', 'storyId'));
  expect(await look(ada, id)).toMatchObject({ reactions: { nodes: [] } });
});

test('answers are between two people, and either deletes them', async () => {
  const id = await tell(world, ada, { visibility: 'PUBLIC', stickers: [at(question)] });
  const answer = async (who: Person, content: string) =>
    (
      await who.graphql<{ answerStory: Answered<{ answer: { id: string } | null }> }>(
        `mutation ($input: AnswerStoryInput!) { answerStory(input: $input) {
          answer { id content actor { username } story { id } } userErrors { code path } } }`,
        { input: { storyId: id, content } },
      )
    ).data.answerStory;
  const first = await answer(ben, ' Lovely ');
  expect(first).toMatchObject({
    answer: { content: 'Lovely', actor: { username: 'ben' }, story: { id } },
  });
  const toQuestion = { storyId: id, stickerIndex: 0, text: 'To the sea' };
  expect(await run(carl, 'answerStorySticker', toQuestion)).toEqual(fine);
  expect(await look(ada, id)).toMatchObject({
    answers: {
      nodes: [
        { content: 'To the sea', stickerIndex: 0, actor: { username: 'carl' } },
        { content: 'Lovely', stickerIndex: null, actor: { username: 'ben' } },
      ],
    },
  });
  const listed = await ada.graphql(
    'query ($id: ID!) { node(id: $id) { ... on Story { answers(stickerIndex: 0) { nodes { content } } } } }',
    { id },
  );
  expect(listed.data['node']).toEqual({ answers: { nodes: [{ content: 'To the sea' }] } });
  expect(await look(ben, id)).toMatchObject({ answers: null });
  const answerId = first.answer!.id;
  const node = async (who: Person) =>
    (
      await who.graphql('query ($id: ID!) { node(id: $id) { ... on StoryAnswer { content } } }', {
        id: answerId,
      })
    ).data['node'];
  expect([await node(ben), await node(ada), await node(carl)]).toEqual([
    { content: 'Lovely' },
    { content: 'Lovely' },
    null,
  ]);
  expect(await run(carl, 'deleteStoryAnswer', { answerId })).toEqual(
    refused('NOT_FOUND', 'answerId'),
  );
  expect(await run(ben, 'deleteStoryAnswer', { answerId })).toEqual(fine);
  expect((await look(ada, id))!.answers!.nodes).toHaveLength(1);
  expect((await answer(ben, '  ')).userErrors).toEqual([
    { code: 'INVALID_INPUT', path: ['content'] },
  ]);
  expect((await answer(ben, 'x'.repeat(1001))).userErrors).toEqual([
    { code: 'INVALID_INPUT', path: ['content'] },
  ]);
  expect((await answer(ada, 'I')).userErrors).toEqual([{ code: 'FORBIDDEN', path: ['storyId'] }]);
});

test('a story that takes no answers takes answers to its questions still', async () => {
  const id = await tell(world, ada, { allowsAnswers: false, stickers: [at(question)] });
  expect(await look(ben, id)).toMatchObject({ viewerCanAnswer: false });
  expect(await run(ben, 'answerStory', { storyId: id, content: 'Hi' })).toEqual(
    refused('FORBIDDEN', 'storyId'),
  );
  const toQuestion = { storyId: id, stickerIndex: 0, text: 'To the sea' };
  expect(await run(ben, 'answerStorySticker', toQuestion)).toEqual(fine);
});

test('who is blocked afterwards leaves reactions, answers and voters', async () => {
  const [ida, jon] = [await world.local('ida'), await world.local('jon')];
  const id = await tell(world, ida, { visibility: 'PUBLIC', stickers: [at(poll)] });
  await run(jon, 'setStoryReaction', { storyId: id, content: '🎉' });
  await run(jon, 'answerStory', { storyId: id, content: 'Hi' });
  await run(jon, 'answerStorySticker', { storyId: id, stickerIndex: 0, optionIndex: 1 });
  await block(world, ida, jon);
  expect(await look(ida, id)).toMatchObject({
    reactions: { nodes: [] },
    answers: { nodes: [] },
    stickers: [{ voters: { nodes: [] } }],
  });
});

test('a story that a deletion takes along takes along what others did with it', async () => {
  const id = await tell(world, ada, { visibility: 'PUBLIC', stickers: [at(poll), at(question)] });
  await run(ben, 'setStoryReaction', { storyId: id, content: '🎉' });
  await run(ben, 'answerStorySticker', { storyId: id, stickerIndex: 0, optionIndex: 1 });
  await run(ben, 'answerStorySticker', { storyId: id, stickerIndex: 1, text: 'Sea' });
  expect(await run(ada, 'deleteStory', { storyId: id })).toEqual(fine);
  expect(await run(ben, 'setStoryReaction', { storyId: id, content: null })).toEqual(
    refused('NOT_FOUND', 'storyId'),
  );
});
