// The folder `extras` of an archive: what is in it, that ARCHIVE.md says so, and that nothing is forgotten.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { DEFAULT_RULES } from '../../src/retention/retention-rules.js';
import { addDevice, chatter, type TestDevice } from '../support/chat-devices.js';
import { converse, write } from '../support/chat.js';
import { archiveOf, extras, json } from '../support/exports.js';
import { comment, follow, publish, readyPicture } from '../support/posts.js';
import { flatPng } from '../support/pictures.js';
import { sendRetention } from '../support/retention.js';
import { addSound } from '../support/sounds.js';
import { tell } from '../support/stories.js';
import { uploadPicture } from '../support/upload.js';
import { publishVideo } from '../support/videos.js';
import { startWorld, type Person, type World } from '../support/world.js';
import { INVENTORY } from './inventory.js';

let world: World;
let ada: Person;
let ben: Person;
let files: Map<string, Buffer>;
let post: string;
let storyId: string;
let storyPicture: Buffer;
let draftPicture: Buffer;
let device: TestDevice;

async function does<Payload = object>(
  who: Person,
  name: string,
  input: Record<string, unknown>,
  selection = '__typename',
): Promise<Payload> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  const answer = await who.graphql<Record<string, Payload & { userErrors: unknown[] }>>(
    `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} userErrors { code path } } }`,
    { input },
  );
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  expect(answer.data[name]!.userErrors).toEqual([]);
  return answer.data[name]!;
}

const uriOf = async (id: string): Promise<string> =>
  (
    await ada.graphql<{ node: { uri: string } }>(
      'query ($id: ID!) { node(id: $id) { ... on PhotoPost { uri } ... on Comment { uri } } }',
      { id },
    )
  ).data.node.uri;

beforeAll(async () => {
  world = await startWorld({ GRAPHQL_POINTS_PER_HOUR: '1000000' });
  [ada, ben] = [await world.local('ada'), await world.local('ben')];
  await follow(world, ben, ada);
  await follow(world, ada, ben);
  post = await publish(world, ada, { caption: 'First' });
  await does(ada, 'updatePost', { postId: post, caption: 'Second' });
  const bens = await publish(world, ben, { caption: 'By Ben' });
  await comment(ada, bens, 'Nice');
  await does(ada, 'updateProfile', { bio: 'I *fly*', fields: [{ name: 'Home', value: 'Here' }] });
  await tellStories();
  await talk();
  await arrange(bens);
  await film();
  await draft(bens);
  await sendRetention(ada, { postDays: 365, keepFromLikes: 10 });
  files = await archiveOf(world, ada);
});

afterAll(() => world[Symbol.asyncDispose]());

async function tellStories(): Promise<void> {
  storyPicture = flatPng(108, 192);
  const mediaId = await uploadPicture(world, ada, storyPicture, {
    mimeType: 'image/png',
    purpose: 'STORY',
    altText: 'Sky',
  });
  const at = { x: 0.25, y: 0.5 };
  const { story } = await does<{ story: { id: string } }>(
    ada,
    'publishStory',
    {
      mediaId,
      caption: 'Up *there*',
      visibility: 'CLOSE_FRIENDS',
      stickers: [
        { ...at, content: { mentionedActorId: ben.actorGlobalId } },
        { ...at, content: { poll: { question: 'Higher?', options: ['Yes', 'No'] } } },
      ],
    },
    'story { id }',
  );
  storyId = story.id;
  await does(ada, 'saveHighlight', {
    title: 'Flights',
    storyIds: [storyId],
    coverStoryId: storyId,
  });
  const bens = await tell(world, ben);
  await does(ada, 'setStoryReaction', { storyId: bens, content: '🔥' });
  await does(ada, 'answerStory', { storyId: bens, content: 'Where is that?' });
}

async function talk(): Promise<void> {
  device = await addDevice(await chatter(ada), world.clock.now());
  const { conversation } = await converse(ada, ben.actorGlobalId);
  await write(ada, conversation!.id, 'Where *is* it?');
  await write(ben, conversation!.id, 'Up there');
}

async function arrange(bens: string): Promise<void> {
  await does(ada, 'saveCollection', {
    title: 'Kites',
    description: 'All *my* kites',
    postIds: [post],
  });
  await does(ada, 'saveList', { title: 'Empty', isExclusive: true });
  await does(ada, 'saveList', { title: 'Friends', addActorIds: [ben.actorGlobalId] });
  await does(ben, 'updateProfile', { isDiscoverable: true });
  await does(ada, 'saveStarterPack', {
    title: 'Fliers',
    description: 'Who *flies*',
    hashtags: ['kites'],
    actorIds: [ben.actorGlobalId],
  });
  await does(ada, 'saveFilter', {
    title: 'No spoilers',
    keywords: [{ text: 'ending', isWholeWord: true }],
    contexts: ['HOME'],
    action: 'WARN',
  });
  await does(ada, 'setCloseFriend', { actorId: ben.actorGlobalId, closeFriend: true });
  const { folder } = await does<{ folder: { id: string } }>(
    ada,
    'saveBookmarkFolder',
    { title: 'Later' },
    'folder { id }',
  );
  await does(ada, 'setBookmark', { postId: bens, bookmarked: true, folderId: folder.id });
  await does(ada, 'recordPlayback', {
    entries: [{ postId: bens, watchedMs: 4000, positionMs: 4000 }],
  });
  await does(ada, 'report', {
    actorId: ben.actorGlobalId,
    category: 'SPAM',
    comment: 'Too many kites',
  });
  const tagged = await readyPicture(world, ben);
  await does(ben, 'publishPhotoPost', {
    mediaIds: [tagged],
    tags: [{ actorId: ada.actorGlobalId, mediaId: tagged, x: 0.1, y: 0.2 }],
    common: { visibility: 'PUBLIC' },
  });
}

/** A video whose sound has a name, and which nobody may stitch. */
async function film(): Promise<void> {
  const video = { title: 'Wind', category: 'Travels', remixPolicies: { stitch: 'NOBODY' } };
  const { postId } = await publishVideo(world, ada, {}, video);
  const soundId = await addSound(world, [postId]);
  await does(ada, 'updateSound', { soundId, title: 'Strings in the wind' });
}

async function draft(bens: string): Promise<void> {
  draftPicture = flatPng(64, 48);
  const mediaId = await uploadPicture(world, ada, draftPicture, { mimeType: 'image/png' });
  await does(ada, 'saveDraft', {
    mediaIds: [mediaId],
    tags: [{ actorId: ben.actorGlobalId, mediaId, x: 0.5, y: 0.5 }],
    common: { caption: 'Not yet', visibility: 'FOLLOWERS', quotedPostId: bens },
    scheduledFor: new Date(world.clock.now().getTime() + 86_400_000).toISOString(),
  });
}

const INSTANT = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

test('a video says what its sound is called, and who may make what of it', () => {
  const { orderedItems } = json(files, 'outbox.json') as {
    orderedItems: { object: Record<string, unknown> }[];
  };
  const video = orderedItems.find(({ object }) => object['name'] === 'Wind')!.object;
  expect(video).toMatchObject({
    downloadEnabled: false,
    soundTitle: 'Strings in the wind',
    remixPolicies: { duet: null, stitch: 'NOBODY', sound: null },
  });
  const others = orderedItems.filter(({ object }) => object['name'] !== 'Wind');
  for (const { object } of others) expect(Object.keys(object)).not.toContain('remixPolicies');
});

test('the account with its settings, and the profile as it was typed', () => {
  expect(json(files, 'extras/account.json')).toEqual({
    version: 1,
    username: 'ada',
    email: 'ada@people.example',
    isEmailVerified: false,
    createdAt: INSTANT,
    profile: {
      bio: 'I *fly*',
      pronouns: null,
      fields: [{ name: 'Home', value: 'Here' }],
      paymentLinks: [],
    },
    settings: expect.objectContaining({ language: 'en', defaultVisibility: 'PUBLIC' }),
    notifications: expect.objectContaining({ silentKinds: [], digest: 'OFF' }),
    feeds: {
      defaultAlgorithm: 'chronological',
      profilingEnabled: false,
      weights: {},
      mutedHashtags: [],
      excludeAi: false,
      dailyLimitMinutes: null,
      forgottenBefore: null,
      hiddenAuthors: [],
      lessLikeThis: [],
      forgottenInterests: [],
    },
    retention: { ...DEFAULT_RULES, postDays: 365, keepFromLikes: 10 },
  });
});

test('stories with their pictures and stickers, and the highlights that hold them', () => {
  const [story] = extras(files, 'stories');
  expect(story).toEqual({
    id: storyId,
    caption: 'Up *there*',
    captionHtml: '<p>Up <em>there</em></p>',
    visibility: 'CLOSE_FRIENDS',
    allowsAnswers: true,
    isKept: true,
    publishedAt: INSTANT,
    expiresAt: INSTANT,
    picture: {
      file: expect.stringMatching(/^media_attachments\/files\/.*\/original\.png$/),
      mimeType: 'image/png',
      altText: 'Sky',
      width: 108,
      height: 192,
      focalPoint: [0, 0],
    },
    stickers: [
      expect.objectContaining({ kind: 'MENTION', x: 0.25, person: 'ben@a.example' }),
      expect.objectContaining({ kind: 'POLL', label: 'Higher?', options: ['Yes', 'No'] }),
    ],
  });
  const { file } = story!['picture'] as { file: string };
  expect(files.get(file)?.equals(storyPicture)).toBe(true);
  expect(extras(files, 'highlights')).toEqual([
    {
      title: 'Flights',
      position: expect.any(Number),
      cover: storyId,
      stories: [storyId],
      createdAt: INSTANT,
    },
  ]);
  const deeds = extras(files, 'story_deeds').map(({ kind, author, content }) => [
    kind,
    author,
    content,
  ]);
  expect(deeds).toEqual([
    ['REACTION', 'ben@a.example', '🔥'],
    ['ANSWER', 'ben@a.example', 'Where is that?'],
  ]);
});

test('what was written in conversations, by both', () => {
  const people = ['ada@a.example', 'ben@a.example'];
  const either = { people, editedAt: null, at: INSTANT, conversation: expect.any(String) };
  const messages = extras(files, 'messages').map((one) => ({
    ...one,
    people: (one['people'] as string[]).toSorted(),
  }));
  expect(messages).toMatchObject([
    {
      ...either,
      sender: 'ada@a.example',
      sequence: 1,
      html: '<p>Where <em>is</em> it?</p>',
      source: 'Where *is* it?',
    },
    { ...either, sender: 'ben@a.example', sequence: 2, html: '<p>Up there</p>', source: null },
  ]);
});

test('drafts with their pictures, and what posts said before', async () => {
  const [kept] = extras(files, 'drafts');
  const bens = json<{ orderedItems: string[] }>(files, 'bookmarks.json').orderedItems[0];
  expect(kept).toMatchObject({
    kind: 'photo',
    scheduledFor: INSTANT,
    failure: null,
    caption: 'Not yet',
    visibility: 'FOLLOWERS',
    commentPolicy: null,
    place: null,
    quotedPost: bens,
    tags: [{ person: 'ben@a.example', picture: 0, x: 0.5, y: 0.5 }],
  });
  const [{ file }] = kept!['pictures'] as [{ file: string }];
  expect(files.get(file)?.equals(draftPicture)).toBe(true);
  expect(extras(files, 'revisions')).toEqual([
    {
      post: await uriOf(post),
      caption: 'First',
      contentHtml: '<p>First</p>',
      contentWarning: null,
      editedAt: INSTANT,
    },
  ]);
});

test('what somebody has put in order: collections, lists, filters, close friends, folders', async () => {
  expect(extras(files, 'collections')).toEqual([
    {
      holds: 'POSTS',
      title: 'Kites',
      description: 'All *my* kites',
      visibility: 'PUBLIC',
      isHighlighted: false,
      posts: [await uriOf(post)],
      createdAt: INSTANT,
      updatedAt: INSTANT,
    },
  ]);
  expect(extras(files, 'lists')).toEqual([
    { title: 'Empty', isExclusive: true, members: [], createdAt: INSTANT },
    { title: 'Friends', isExclusive: false, members: ['ben@a.example'], createdAt: INSTANT },
  ]);
  expect(extras(files, 'filters')).toEqual([
    {
      title: 'No spoilers',
      action: 'WARN',
      contexts: ['HOME'],
      keywords: [{ text: 'ending', isWholeWord: true }],
      expiresAt: null,
      createdAt: INSTANT,
    },
  ]);
  expect(extras(files, 'starter_packs')).toEqual([
    {
      title: 'Fliers',
      description: 'Who *flies*',
      hashtags: ['kites'],
      isListed: true,
      members: ['ben@a.example'],
      createdAt: INSTANT,
      updatedAt: INSTANT,
    },
  ]);
  const person = [{ address: 'ben@a.example', since: INSTANT }];
  expect(extras(files, 'close_friends')).toEqual(person);
  expect(extras(files, 'followers')).toEqual(person);
  expect(extras(files, 'bookmarks')).toEqual([
    { post: expect.any(String), folder: 'Later', bookmarkedAt: INSTANT },
  ]);
  expect(extras(files, 'photo_tags')).toMatchObject([{ state: 'PENDING', x: 0.1, y: 0.2 }]);
  expect(extras(files, 'reports')).toEqual([
    { target: 'ben@a.example', category: 'SPAM', comment: 'Too many kites', createdAt: INSTANT },
  ]);
});

test('devices are there with their public keys, and nothing that a claim could use', () => {
  const key = Buffer.from(device.key.publicKey).toString('base64');
  const identity = Buffer.from(device.identity.publicKey).toString('base64');
  expect(extras(files, 'chat_devices')).toMatchObject([
    {
      name: 'Phone',
      platform: 'Test',
      signatureKey: key,
      attestation: expect.stringMatching(/^[A-Za-z0-9+/]{86}==$/),
      attestedAt: INSTANT,
      identityVersion: 1,
      identity: { key: identity, version: 1 },
      revokedAt: null,
    },
  ]);
});

/** Fields that ARCHIVE.md names, by file. */
function documentedFields(): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const section of readFileSync('src/portability/ARCHIVE.md', 'utf8')
    .split('\n### ')
    .slice(1)) {
    const names = [...section.split('\n')[0]!.matchAll(/extras\/\w+\.json/g)].map(([name]) => name);
    const rows = [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, field]) => field!);
    for (const name of names) fields.set(name, rows);
  }
  return fields;
}

test('ARCHIVE.md names every file and every field, and no other', () => {
  const documented = documentedFields();
  const inExtras = [...files.keys()].filter((name) => name.startsWith('extras/'));
  expect([...documented.keys()].toSorted()).toEqual(inExtras.toSorted());
  for (const [name, fields] of documented) {
    const item =
      name === 'extras/account.json'
        ? json(files, name)
        : extras(files, name.slice('extras/'.length, -'.json'.length))[0]!;
    expect([name, Object.keys(item).toSorted()]).toEqual([name, fields.toSorted()]);
  }
  const page = readFileSync('src/portability/ARCHIVE.md', 'utf8');
  const others = [...files.keys()].filter((name) => !/^(extras|media_attachments)\//.test(name));
  for (const name of others) expect(page).toContain(`\`${name}\``);
});

const TABLES_OF_PEOPLE = statement(
  'test.tables_of_people',
  `select distinct table_name as name from (
     select conrelid::regclass::text as table_name from pg_constraint
       where contype = 'f' and confrelid in ('actors'::regclass, 'accounts'::regclass)
     union select table_name from information_schema.columns where table_schema = 'public' and column_name in
       ('account_id', 'actor_id', 'author_id', 'owner_id', 'follower_id', 'reporter_id', 'recipient_id', 'created_by')) found`,
);

test('P01 every table with rows of a person is in the archive, or is exempt for a reason', async () => {
  const rows = await world.services.database.rows<{ name: string }>(TABLES_OF_PEOPLE);
  const found = new Set([...rows.map(({ name }) => name), 'actors', 'accounts']);
  expect([...found].toSorted()).toEqual(Object.keys(INVENTORY).toSorted());
  const names = [...files.keys()];
  for (const place of Object.values(INVENTORY))
    if (!place.startsWith('exempt: '))
      expect(names.some((name) => name.startsWith(place))).toBe(true);
});
