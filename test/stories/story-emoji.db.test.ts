// Custom emoji in stories: in captions, on stickers, in answers, and as reactions.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { deleteEmoji, makeEmoji, saveEmoji, type SavedEmoji } from '../support/emojis.js';
import { summaryOf } from '../support/notifications.js';
import type { Answered } from '../support/posts.js';
import { startStoryWorld, tell } from '../support/stories.js';
import type { Person, World } from '../support/world.js';

let world: World;
let ada: Person;
let ben: Person;
let mod: Person;
let kite: SavedEmoji;
let hidden: SavedEmoji;

beforeAll(async () => {
  ({ world, ada, ben } = await startStoryWorld());
  mod = await world.moderator();
  kite = await makeEmoji(world, mod, 'kite');
  await makeEmoji(world, mod, 'gull');
  hidden = await makeEmoji(world, mod, 'old_kite');
  await saveEmoji(mod, { emojiId: hidden.id, isEnabled: false });
});

afterAll(() => world[Symbol.asyncDispose]());

const STORY = `emojis { shortcode } viewerReaction viewerReactionEmoji { shortcode }
  stickers { kind emojis { shortcode } } reactions(first: 5) { nodes { content emoji { shortcode url } } }
  answers(first: 5) { nodes { content emojis { shortcode } } }`;

async function look(who: Person, id: string): Promise<Record<string, unknown>> {
  const answer = await who.graphql<{ node: Record<string, unknown> }>(
    `query ($id: ID!) { node(id: $id) { ... on Story { ${STORY} } } }`,
    { id },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.node;
}

async function run(who: Person, name: string, input: object): Promise<object[]> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  const answer = await who.graphql<Record<string, Answered<object>>>(
    `mutation ($input: ${type}!) { ${name}(input: $input) { userErrors { code path } } }`,
    { input },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data[name]!.userErrors;
}

test('captions, stickers and answers name the enabled emoji that they write', async () => {
  const id = await tell(world, ada, {
    caption: 'Up :kite: *and* :gull: up :old_kite: :nobody:',
    stickers: [
      {
        x: 0.5,
        y: 0.2,
        content: { poll: { question: 'Which :kite:?', options: [':gull:', 'Both'] } },
      },
      { x: 0.5, y: 0.8, content: { question: 'Where?' } },
    ],
  });
  const content = '3 < 5 :gull: > 4';
  expect(await run(ben, 'answerStory', { storyId: id, content })).toEqual([]);
  const answered = { storyId: id, stickerIndex: 1, text: 'There :kite:' };
  expect(await run(ben, 'answerStorySticker', answered)).toEqual([]);
  expect(await look(ada, id)).toMatchObject({
    emojis: [{ shortcode: 'kite' }, { shortcode: 'gull' }],
    stickers: [
      { kind: 'POLL', emojis: [{ shortcode: 'kite' }, { shortcode: 'gull' }] },
      { kind: 'QUESTION', emojis: [] },
    ],
    answers: {
      nodes: [
        { content: 'There :kite:', emojis: [{ shortcode: 'kite' }] },
        { content, emojis: [{ shortcode: 'gull' }] },
      ],
    },
  });
});

test('a story is reacted to with a custom emoji, which its author and who reacted see', async () => {
  const storyId = await tell(world, ada);
  const react = (content: string | null) => run(ben, 'setStoryReaction', { storyId, content });
  const refused = [{ code: 'INVALID_INPUT', path: ['content'] }];
  expect(await react(':nobody:')).toEqual(refused);
  expect(await react(':old_kite:')).toEqual(refused);
  expect(await look(ben, storyId)).toMatchObject({
    viewerReaction: null,
    viewerReactionEmoji: null,
    reactions: null,
  });
  expect(await react(':kite:')).toEqual([]);
  expect(await look(ben, storyId)).toMatchObject({
    viewerReaction: ':kite:',
    viewerReactionEmoji: { shortcode: 'kite' },
  });
  const shown = { nodes: [{ content: ':kite:', emoji: { shortcode: 'kite', url: kite.url } }] };
  expect(await look(ada, storyId)).toMatchObject({ reactions: shown });
  await world.settle();
  expect(await summaryOf(ada)).toContain('STORY_REACTION ben');
  // Once it can no longer be used, it stays where it is, and setting it again is no news.
  await saveEmoji(mod, { emojiId: kite.id, isEnabled: false });
  expect(await react(':kite:')).toEqual([]);
  expect(await look(ada, storyId)).toMatchObject({ reactions: shown });
  expect(await react('🪁')).toEqual([]);
  expect(await react(':kite:')).toEqual(refused);
  expect(await look(ben, storyId)).toMatchObject({
    viewerReaction: '🪁',
    viewerReactionEmoji: null,
  });
  await saveEmoji(mod, { emojiId: kite.id, isEnabled: true });
  expect(await react(':kite:')).toEqual([]);
  await deleteEmoji(mod, kite.id);
  expect(await look(ada, storyId)).toMatchObject({
    reactions: { nodes: [{ content: ':kite:', emoji: null }] },
  });
  expect(await react(null)).toEqual([]);
  expect(await look(ada, storyId)).toMatchObject({ reactions: { nodes: [] } });
});
