// What a person sets, and what they may use.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { grantEntitlement, withdrawEntitlement } from '../../src/accounts/grant-entitlement.js';
import { accountSettings } from '../../src/accounts/settings.js';
import { startWorld, type World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await startWorld({ ENTITLEMENT_STORAGE: '1GB', ENTITLEMENT_POSTS_PER_DAY: '7' });
});

afterAll(() => world[Symbol.asyncDispose]());

const FIELDS = `language timezone contentLanguages defaultVisibility defaultQuotePolicy defaultDuetPolicy defaultStitchPolicy defaultSoundPolicy defaultCommentPolicy defaultSensitive requireAltText
  showSensitive autoplay reduceMotion hideFollowLists hideCounts hideOthersCounts allowTagsFrom reviewTags keepPlaybackHistory`;
const UPDATE = `mutation ($input: UpdateSettingsInput!) {
  updateSettings(input: $input) { viewer { settings { ${FIELDS} } } userErrors { code path } }
}`;
const DEFAULTS = {
  language: 'en',
  timezone: 'UTC',
  contentLanguages: [],
  defaultVisibility: 'PUBLIC',
  defaultCommentPolicy: 'EVERYONE',
  defaultQuotePolicy: 'EVERYONE',
  defaultDuetPolicy: 'EVERYONE',
  defaultStitchPolicy: 'EVERYONE',
  defaultSoundPolicy: 'EVERYONE',
  defaultSensitive: false,
  requireAltText: false,
  showSensitive: 'WARN',
  autoplay: 'WIFI',
  reduceMotion: false,
  hideFollowLists: false,
  hideCounts: false,
  hideOthersCounts: false,
  allowTagsFrom: 'EVERYONE',
  reviewTags: true,
  keepPlaybackHistory: true,
};

test('settings start with defaults, change one by one, and go back by null', async () => {
  const ada = await world.local('ada');
  const read = async () =>
    (await ada.graphql<{ viewer: { settings: object } }>(`{ viewer { settings { ${FIELDS} } } }`))
      .data.viewer.settings;
  expect(await read()).toEqual(DEFAULTS);
  const changes = {
    language: 'de',
    timezone: 'Europe/Berlin',
    contentLanguages: ['de', 'pt-BR'],
    defaultVisibility: 'FOLLOWERS',
    requireAltText: true,
  };
  const changed = await ada.graphql(UPDATE, { input: changes });
  expect(changed.data).toEqual({
    updateSettings: { viewer: { settings: { ...DEFAULTS, ...changes } }, userErrors: [] },
  });
  await Promise.all([
    ada.graphql(UPDATE, { input: { autoplay: 'NEVER' } }),
    ada.graphql(UPDATE, { input: { reduceMotion: true } }),
    ada.graphql(UPDATE, { input: { timezone: null, requireAltText: null, language: null } }),
  ]);
  expect(await read()).toEqual({
    ...DEFAULTS,
    contentLanguages: ['de', 'pt-BR'],
    defaultVisibility: 'FOLLOWERS',
    autoplay: 'NEVER',
    reduceMotion: true,
  });
});

test('a setting that makes no sense is refused and changes nothing', async () => {
  const ben = await world.local('ben');
  const wrong = await ben.graphql(UPDATE, {
    input: { timezone: 'Mars/Olympus', hideCounts: true },
  });
  expect(wrong.data).toEqual({
    updateSettings: { viewer: null, userErrors: [{ code: 'INVALID_INPUT', path: ['timezone'] }] },
  });
  const many = Array.from({ length: 21 }, () => 'en');
  const tooMany = await ben.graphql(UPDATE, { input: { contentLanguages: many } });
  expect(tooMany.data).toMatchObject({
    updateSettings: { userErrors: [{ code: 'INVALID_INPUT', path: ['contentLanguages'] }] },
  });
  expect((await ben.graphql('{ viewer { settings { hideCounts } } }')).data).toEqual({
    viewer: { settings: { hideCounts: false } },
  });
});

test('hidden follow lists are hidden on the profile too', async () => {
  const cleo = await world.local('cleo');
  const COUNTS = '{ actor(by: { handle: "cleo" }) { counts { followers following } } }';
  expect((await world.graphql(COUNTS)).data).toEqual({
    actor: { counts: { followers: 0, following: 0 } },
  });
  await cleo.graphql(UPDATE, { input: { hideFollowLists: true } });
  expect((await world.graphql(COUNTS)).data).toEqual({
    actor: { counts: { followers: null, following: null } },
  });
  await cleo.graphql(UPDATE, { input: { hideFollowLists: null } });
  expect((await world.graphql(COUNTS)).data).toEqual({
    actor: { counts: { followers: 0, following: 0 } },
  });
});

test('a stored setting that is not understood falls back alone', () => {
  const settings = accountSettings({
    language: 'fr',
    settings: { autoplay: 'SOMETIMES', hideCounts: true, old: 1 },
  });
  expect(settings).toEqual({ ...DEFAULTS, language: 'fr', hideCounts: true });
});

test('a grant wins over the default until it is over or taken back', async () => {
  const dora = await world.local('dora');
  const LIMITS =
    '{ viewer { entitlements { key value used source } storage { usedBytes quotaBytes } } }';
  const read = async () =>
    (await dora.graphql<{ viewer: { entitlements: { key: string }[]; storage: object } }>(LIMITS))
      .data.viewer;
  const of = async (key: string) => (await read()).entitlements.find((entry) => entry.key === key);
  expect(await of('STORAGE_BYTES')).toEqual({
    key: 'STORAGE_BYTES',
    value: '1000000000',
    used: '0',
    source: 'default',
  });
  expect(await of('POSTS_PER_DAY')).toMatchObject({ value: '7', used: '0', source: 'default' });
  expect(await of('IMAGE_BYTES')).toMatchObject({ used: null });
  const expiresAt = new Date(world.clock.now().getTime() + 3_600_000);
  const grant = { accountId: dora.accountId, key: 'STORAGE_BYTES', source: 'staff' } as const;
  await grantEntitlement(world.services, { ...grant, value: 5n, expiresAt });
  expect(await of('STORAGE_BYTES')).toMatchObject({ value: '5', source: 'staff' });
  await grantEntitlement(world.services, { ...grant, value: null, expiresAt });
  expect((await read()).storage).toEqual({ usedBytes: '0', quotaBytes: null });
  world.clock.advance(3601);
  expect(await of('STORAGE_BYTES')).toMatchObject({ value: '1000000000', source: 'default' });
  await grantEntitlement(world.services, { ...grant, value: 5n, expiresAt: null });
  await withdrawEntitlement(world.services, dora.accountId, 'STORAGE_BYTES');
  expect(await world.services.entitlements.limit(dora.accountId, 'STORAGE_BYTES')).toBe(
    1_000_000_000n,
  );
});
