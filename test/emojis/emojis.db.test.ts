// Custom emoji through the public API: who manages them, what clients are offered, reactions and texts with them.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { findAuditGap } from '../../src/accounts/audit.js';
import { MAX_EMOJI_BYTES } from '../../src/media/create-upload.js';
import { statement } from '../../src/platform/db/database.js';
import { deleteEmoji, makeEmoji, saveEmoji, type SavedEmoji } from '../support/emojis.js';
import { comment, innerId, publish, react, readyPicture } from '../support/posts.js';
import { declareUpload, uploadPicture } from '../support/upload.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let ben: Person;
let mod: Person;

beforeAll(async () => {
  world = await startWorld();
  [ada, ben, mod] = [await world.local('ada'), await world.local('ben'), await world.moderator()];
});

afterAll(() => world[Symbol.asyncDispose]());

interface Offered {
  readonly nodes: { shortcode: string; category: string | null }[];
  readonly pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null };
}

async function offered(args: string): Promise<Offered> {
  const answer = await world.graphql<{ instance: { customEmoji: Offered } }>(
    `{ instance { customEmoji(${args}) { nodes { shortcode category }
      pageInfo { hasNextPage hasPreviousPage endCursor } } } }`,
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.instance.customEmoji;
}

async function reactionsOf(who: Person, id: string) {
  const answer = await who.graphql<{
    post: { reactions: { content: string; count: number; emoji: SavedEmoji | null }[] };
  }>(
    'query ($id: ID!) { post(by: { id: $id }) { reactions { content count emoji { shortcode url staticUrl } } } }',
    { id },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.post.reactions;
}

test('the staff uploads an animated picture; the emoji moves, and has a still', async () => {
  const frames = [0, 90, 180].map((red) => ({
    create: {
      width: 96,
      height: 96,
      channels: 4 as const,
      background: { r: red, g: 9, b: 200, alpha: 1 },
    },
  }));
  const pictures = await Promise.all(frames.map((frame) => sharp(frame).png().toBuffer()));
  const bytes = await sharp(pictures, { join: { animated: true } })
    .gif()
    .toBuffer();
  const mediaId = await uploadPicture(world, mod, bytes, {
    purpose: 'EMOJI',
    fileName: 'kite.gif',
    mimeType: 'image/gif',
  });
  const { emoji, userErrors } = await saveEmoji(mod, {
    shortcode: 'kite_dance',
    mediaId,
    category: ' Kites ',
    aliases: ['cerf-volant', ' Drachen ', 'cerf-volant'],
  });
  expect(userErrors).toEqual([]);
  expect(emoji).toMatchObject({
    shortcode: 'kite_dance',
    category: 'Kites',
    aliases: ['cerf-volant', 'Drachen'],
    isAnimated: true,
    isListed: true,
    isEnabled: true,
  });
  const pagesOf = async (url: string): Promise<number> => {
    const response = await fetch(world.reach(url));
    expect(response.status).toBe(200);
    const { pages, width } = await sharp(Buffer.from(await response.arrayBuffer())).metadata();
    expect(width).toBe(96);
    return pages ?? 1;
  };
  expect(await pagesOf(emoji!.url)).toBe(3);
  expect(await pagesOf(emoji!.staticUrl)).toBe(1);
  const { rows } = await world.services.database.pool.query(
    'select owner_id from media where id = $1',
    [innerId(mediaId)],
  );
  expect(rows).toEqual([{ owner_id: '00000000-0000-7000-8000-000000000000' }]);
});

test('what is too large is refused before a byte is sent', async () => {
  const { ticket, userErrors } = await declareUpload(mod, Buffer.alloc(1), {
    purpose: 'EMOJI',
    sizeBytes: String(MAX_EMOJI_BYTES + 1n),
  });
  expect(ticket).toBeNull();
  expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['sizeBytes'] }]);
});

test('clients are offered the listed ones by category, walked from both ends, and always as they are now', async () => {
  await makeEmoji(world, mod, 'zeta');
  await makeEmoji(world, mod, 'alpha');
  await makeEmoji(world, mod, 'Beta', { category: 'Apples' });
  const gala = await makeEmoji(world, mod, 'gala', { category: 'Apples' });
  await makeEmoji(world, mod, 'secret', { isListed: false });
  const names = async (args: string): Promise<string[]> =>
    (await offered(args)).nodes.map(({ shortcode }) => shortcode);
  expect(await names('first: 100')).toEqual(['Beta', 'gala', 'kite_dance', 'alpha', 'zeta']);
  const first = await offered('first: 2');
  expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  expect(await names(`first: 2, after: "${first.pageInfo.endCursor}"`)).toEqual([
    'kite_dance',
    'alpha',
  ]);
  expect(await names('last: 2')).toEqual(['alpha', 'zeta']);
  expect(await names(`last: 9, before: "${first.pageInfo.endCursor}"`)).toEqual(['Beta']);
  await saveEmoji(mod, { emojiId: gala.id, category: null });
  expect(await names('first: 4')).toEqual(['Beta', 'kite_dance', 'alpha', 'gala']);
  await saveEmoji(mod, { emojiId: gala.id, isEnabled: false });
  expect(await names('first: 4')).toEqual(['Beta', 'kite_dance', 'alpha', 'zeta']);
  await deleteEmoji(mod, gala.id);
  const all = await mod.graphql<{ admin: { customEmoji: Offered } }>(
    '{ admin { customEmoji(last: 100) { nodes { shortcode } } } }',
  );
  expect(all.data.admin.customEmoji.nodes.map(({ shortcode }) => shortcode)).toEqual([
    'Beta',
    'alpha',
    'kite_dance',
    'secret',
    'zeta',
  ]);
  const refused = await ada.graphql('{ admin { customEmoji { nodes { id } } } }');
  expect(refused.errors).toHaveLength(1);
});

test.each([
  ['a shortcode of one letter', { shortcode: 'x' }, ['shortcode']],
  ['a shortcode with a dash', { shortcode: 'kite-up' }, ['shortcode']],
  ['a shortcode of 65 letters', { shortcode: 'x'.repeat(65) }, ['shortcode']],
  ['no shortcode', { shortcode: null }, ['shortcode']],
  ['no picture', { shortcode: 'bare', mediaId: null }, ['mediaId']],
  ['a long category', { shortcode: 'bare', category: 'x'.repeat(65) }, ['category']],
  ['a long alias', { shortcode: 'bare', aliases: ['ok', 'x'.repeat(65)] }, ['aliases', '1']],
  [
    'many aliases',
    { shortcode: 'bare', aliases: Array.from({ length: 31 }, (_, n) => `alias ${n}`) },
    ['aliases'],
  ],
])('%s is refused', async (_what, input, path) => {
  const mediaId = await readyPicture(world, mod, { purpose: 'EMOJI' });
  const { emoji, userErrors } = await saveEmoji(mod, { mediaId, ...input });
  expect(emoji).toBeNull();
  expect(userErrors).toEqual([{ code: 'INVALID_INPUT', path: path }]);
});

test('a shortcode is for good and for one emoji, whoever comes first', async () => {
  const made = await makeEmoji(world, mod, 'only_once');
  expect(await saveEmoji(mod, { emojiId: made.id, shortcode: 'another' })).toMatchObject({
    userErrors: [{ code: 'INVALID_INPUT', path: ['shortcode'] }],
  });
  const mediaIds = await Promise.all(
    Array.from({ length: 8 }, () => readyPicture(world, mod, { purpose: 'EMOJI' })),
  );
  const answers = await Promise.all(
    mediaIds.map((mediaId) => saveEmoji(mod, { shortcode: 'raced', mediaId })),
  );
  const codes = answers.map(({ userErrors }) => userErrors[0]?.code ?? 'DONE').sort();
  expect(codes).toEqual([...Array<string>(7).fill('ALREADY_EXISTS'), 'DONE']);
});

test('a picture that is replaced vanishes', async () => {
  const made = await makeEmoji(world, mod, 'replaced');
  const mediaId = await readyPicture(world, mod, { purpose: 'EMOJI' });
  const { emoji } = await saveEmoji(mod, { emojiId: made.id, mediaId });
  expect(emoji!.url).not.toBe(made.url);
  const old = made.url.split('/').at(-2)!;
  const answer = await mod.graphql<{ node: object | null }>(
    'query ($id: ID!) { node(id: $id) { id } }',
    { id: old },
  );
  expect(answer.data.node).toBeNull();
});

test('a reaction with a custom emoji has its picture, also when it is disabled, and its name when it is gone', async () => {
  const made = await makeEmoji(world, mod, 'blob_kite');
  const id = await publish(world, ada);
  expect(await react(ben, id, ':blob_kite:')).toEqual([]);
  expect(await react(ada, id, ':blob_kite:')).toEqual([]);
  const shown = [
    { content: ':blob_kite:', count: 2, emoji: { shortcode: 'blob_kite', url: made.url } },
  ];
  expect(await reactionsOf(ben, id)).toMatchObject(shown);
  const invalid = [{ code: 'INVALID_INPUT', path: ['content'] }];
  for (const content of [':no_such:', ':Blob_kite:', 'blob_kite', ':blob_kite: ', '::'])
    expect(await react(ada, id, content)).toEqual(invalid);
  await saveEmoji(mod, { emojiId: made.id, isEnabled: false });
  expect(await reactionsOf(ben, id)).toMatchObject(shown);
  expect(await react(ben, id, ':blob_kite:')).toEqual([]);
  expect(await react(mod, id, ':blob_kite:')).toEqual(invalid);
  await deleteEmoji(mod, made.id);
  expect(await reactionsOf(ben, id)).toMatchObject([
    { content: ':blob_kite:', count: 2, emoji: null },
  ]);
  expect(await react(ben, id, null)).toEqual([]);
  expect(await reactionsOf(ben, id)).toMatchObject([{ content: ':blob_kite:', count: 1 }]);
});

test('texts name the emoji that they write', async () => {
  const sun = await makeEmoji(world, mod, 'sun_up');
  const off = await makeEmoji(world, mod, 'switched_off');
  await saveEmoji(mod, { emojiId: off.id, isEnabled: false });
  await makeEmoji(world, mod, 'moon', { isListed: false });
  const caption = 'Early :sun_up: **:moon:** at 10:sun_up:30, :sun_up: :switched_off: :nothing:';
  const id = await publish(world, ada, { caption, contentWarning: ':kite_dance: inside' });
  await comment(ben, id, 'Oh :moon:!');
  const name = await ada.graphql<{ updateProfile: { userErrors: unknown[] } }>(
    'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { userErrors { code } } }',
    { input: { displayName: 'Ada :sun_up:', bio: 'I fly :alpha:' } },
  );
  expect(name.data.updateProfile.userErrors).toEqual([]);
  const answer = await world.graphql(
    `query ($id: ID!) { post(by: { id: $id }) { emojis { shortcode url } author { emojis { shortcode } }
      comments(first: 1) { nodes { emojis { shortcode } } } } }`,
    { id },
  );
  expect(answer.errors).toBeUndefined();
  expect(answer.data).toEqual({
    post: {
      emojis: [
        { shortcode: 'sun_up', url: sun.url },
        { shortcode: 'moon', url: expect.any(String) },
        { shortcode: 'kite_dance', url: expect.any(String) },
      ],
      author: { emojis: [{ shortcode: 'sun_up' }, { shortcode: 'alpha' }] },
      comments: { nodes: [{ emojis: [{ shortcode: 'moon' }] }] },
    },
  });
});

const ACTIONS = statement(
  'test.emoji_acts',
  `select action, details->>'shortcode' as shortcode, actor_id as "actorId" from audit_entries
   where details->>'shortcode' = 'blob_kite' order by number`,
);

test('what the staff does is in the record', async () => {
  const acts = await world.services.database.rows(ACTIONS, []);
  const act = { shortcode: 'blob_kite', actorId: mod.actorId };
  expect(acts).toEqual([
    { ...act, action: 'saveCustomEmoji' },
    { ...act, action: 'saveCustomEmoji' },
    { ...act, action: 'deleteCustomEmoji' },
  ]);
  expect(await findAuditGap(world.services.database)).toBeNull();
});
