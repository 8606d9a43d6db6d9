// Profiles over the public API: what may be said, how it is cleaned, and what stays untouched.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { statement } from '../../src/platform/db/database.js';
import { uploadPicture } from '../support/upload.js';
import { startWorld, type World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world[Symbol.asyncDispose]());

const UPDATE = `mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) {
  actor { displayName bio bioSource pronouns isLocked fields { name value verifiedAt } }
  userErrors { code path ... on ValidationError { constraint limit } } } }`;

interface Updated {
  updateProfile: { actor: Record<string, unknown> | null; userErrors: Record<string, unknown>[] };
}

test('absent stays, null clears, and texts are cleaned', async () => {
  const ada = await world.local('ada');
  const first = await ada.graphql<Updated>(UPDATE, {
    input: {
      displayName: '  Ada\u202e  Lovelace ',
      bio: 'I **count**.\nSee https://a.example/x <script>alert(1)</script>',
      pronouns: 'she/her',
      fields: [{ name: 'Site', value: 'https://ada.example' }],
      isLocked: true,
    },
  });
  expect(first.data.updateProfile).toEqual({
    actor: {
      displayName: 'Ada Lovelace',
      bio: expect.stringContaining('<strong>count</strong>'),
      bioSource: expect.stringContaining('**count**'),
      pronouns: 'she/her',
      isLocked: true,
      fields: [
        {
          name: 'Site',
          value: expect.stringContaining('href="https://ada.example/"'),
          verifiedAt: null,
        },
      ],
    },
    userErrors: [],
  });
  expect(first.data.updateProfile.actor!['bio']).not.toContain('<script');
  const second = await ada.graphql<Updated>(UPDATE, { input: { pronouns: null } });
  expect(second.data.updateProfile.actor).toMatchObject({
    displayName: 'Ada Lovelace',
    pronouns: null,
    isLocked: true,
  });
  const third = await ada.graphql<Updated>(UPDATE, { input: { displayName: '\u200b \u3164' } });
  expect(third.data.updateProfile.actor).toMatchObject({ displayName: '' });
});

test.each([
  ['displayName', { displayName: 'x'.repeat(51) }, ['displayName'], '50'],
  ['bio', { bio: 'x'.repeat(501) }, ['bio'], '500'],
  [
    'fields',
    { fields: Array.from({ length: 7 }, () => ({ name: 'a', value: 'b' })) },
    ['fields'],
    '6',
  ],
  ['a field name', { fields: [{ name: ' ', value: 'b' }] }, ['fields', '0', 'name'], null],
  ['kind', { kind: 'GROUP' }, ['kind'], 'PERSON, ORGANIZATION, BOT'],
])(
  'a bad %s is refused by name and limit, and nothing changes',
  async (_name, input, path, limit) => {
    const ben = await world.local('ben');
    const { data } = await ben.graphql<Updated>(UPDATE, {
      input: { pronouns: 'changed', ...input },
    });
    expect(data.updateProfile).toEqual({
      actor: null,
      userErrors: [{ code: 'INVALID_INPUT', path, constraint: expect.any(String), limit }],
    });
    const after = await ben.graphql<{ viewer: { actor: { pronouns: string | null } } }>(
      '{ viewer { actor { pronouns } } }',
    );
    expect(after.data.viewer.actor.pronouns).toBeNull();
  },
);

test('blocks, mutes and requests show in the viewer’s own lists only', async () => {
  const [cat, dog] = [await world.local('cat'), await world.local('dog')];
  await cat.graphql(
    'mutation ($input: SetMuteInput!) { setMute(input: $input) { userErrors { code } } }',
    {
      input: { actorId: dog.actorGlobalId, muted: true },
    },
  );
  await dog.graphql(
    'mutation ($input: SetBlockInput!) { setBlock(input: $input) { userErrors { code } } }',
    {
      input: { actorId: cat.actorGlobalId, blocked: true },
    },
  );
  const lists =
    '{ viewer { mutedActors { nodes { username } } blockedActors { nodes { username } } followRequests { nodes { username } } } }';
  expect((await cat.graphql(lists)).data).toEqual({
    viewer: {
      mutedActors: { nodes: [{ username: 'dog' }] },
      blockedActors: { nodes: [] },
      followRequests: { nodes: [] },
    },
  });
  expect((await dog.graphql(lists)).data).toEqual({
    viewer: {
      mutedActors: { nodes: [] },
      blockedActors: { nodes: [{ username: 'cat' }] },
      followRequests: { nodes: [] },
    },
  });
});

test('a picture becomes the avatar, replaces the one before, and only where it belongs', async () => {
  const eva = await world.local('eva');
  const picture = await sharp({
    create: { width: 500, height: 400, channels: 3, background: '#aa5533' },
  })
    .png()
    .toBuffer();
  const upload = (purpose: string) =>
    uploadPicture(world, eva, picture, { purpose, mimeType: 'image/png', fileName: 'me.png' });
  const [first, second, banner] = [
    await upload('AVATAR'),
    await upload('AVATAR'),
    await upload('HEADER'),
  ];
  const set = async (input: Record<string, unknown>) =>
    (
      await eva.graphql<{
        updateProfile: {
          actor: { avatar: { id: string; url: string } | null } | null;
          userErrors: { code: string; path: string[] }[];
        };
      }>(
        'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { actor { avatar { id url } } userErrors { code path } } }',
        { input },
      )
    ).data.updateProfile;
  const shown = await set({ avatarMediaId: first });
  expect(shown.actor!.avatar!.id).toBe(first);
  expect((await fetch(world.reach(shown.actor!.avatar!.url))).status).toBe(200);
  expect((await set({ avatarMediaId: banner })).userErrors).toEqual([
    { code: 'NOT_FOUND', path: ['avatarMediaId'] },
  ]);
  expect((await set({ avatarMediaId: second })).actor!.avatar!.id).toBe(second);
  expect((await fetch(world.reach(shown.actor!.avatar!.url))).status).toBe(404);
  expect((await set({ avatarMediaId: null })).actor!.avatar).toBeNull();
});

test('of avatars that are chosen at once one stays, and the others are let go of', async () => {
  const fay = await world.local('fay');
  const picture = await sharp({
    create: { width: 64, height: 64, channels: 3, background: '#335599' },
  })
    .png()
    .toBuffer();
  const kind = { purpose: 'AVATAR', mimeType: 'image/png', fileName: 'me.png' };
  const uploads: string[] = [];
  for (let index = 0; index < 4; index++)
    uploads.push(await uploadPicture(world, fay, picture, kind));
  const chosen = await Promise.all(
    uploads.map((avatarMediaId) =>
      fay.graphql<{ updateProfile: { userErrors: unknown[] } }>(
        'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { userErrors { code } } }',
        { input: { avatarMediaId } },
      ),
    ),
  );
  expect(chosen.map(({ data }) => data.updateProfile.userErrors)).toEqual([[], [], [], []]);
  const kept = await world.services.database.rows(
    statement(
      'test.kept_avatars',
      'select m.id from media m left join actors a on a.avatar_media_id = m.id where m.owner_id = $1 and m.deleted_at is null and a.id is null',
    ),
    [fay.actorId],
  );
  expect(kept).toEqual([]);
});
