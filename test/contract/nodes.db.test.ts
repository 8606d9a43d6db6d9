// G17: what `node` and `nodes` give to whom, for every type that has an id.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isInterfaceType } from 'graphql';
import { buildAppSchema } from '../../src/app/schema.js';
import { statement } from '../../src/platform/db/database.js';
import { newId, toGlobalId } from '../../src/platform/ids.js';
import { comment, innerId, makeText, publish, readyPicture } from '../support/posts.js';
import { publishVideo } from '../support/videos.js';
import type { GraphQLAnswer } from '../support/server.js';
import { tell } from '../support/stories.js';
import { fromFreshAddress, startWorld, type Person, type World } from '../support/world.js';
import {
  done,
  emojiArchive,
  newcomer,
  notification,
  notificationRequest,
  ownCollection,
  ownPlaylist,
  ownSound,
  ownInvite,
  ownConversation,
  ownDevice,
  ownMessage,
  ownPack,
  someDomainRule,
  someEmoji,
  ownDraft,
  ownExport,
  ownImport,
  ownFilter,
  ownFolder,
  ownList,
  ownPushTarget,
  ownReport,
  actionOnOwner,
  tagOfOwner,
  answerToOwner,
  ownPicture,
  ownSession,
  ownToken,
  ownSnapshot,
  pendingActor,
  pickOfOwner,
  type Scene,
} from './authorization-table.js';
import { addPlaces } from './places.js';
import { newCast, STANDINGS, type Standing } from './cast.js';

/** Makes a thing and answers its id. */
type Maker = (scene: Scene) => Promise<string> | string;

interface Thing {
  readonly make: Maker;
  readonly seenBy: readonly Standing[];
}

const everybody = STANDINGS;
const signedInUnlessBlocked = STANDINGS.filter(
  (standing) => standing !== 'nobody' && standing !== 'blocked',
);
const unlessBlocked = STANDINGS.filter((standing) => standing !== 'blocked');
const friends: readonly Standing[] = ['follower', 'owner'];
const owner: readonly Standing[] = ['owner'];
const staff: readonly Standing[] = ['moderator', 'admin'];
const none: readonly Standing[] = [];

const post =
  (visibility: string, caption: Maker = () => ''): Maker =>
  async (scene) =>
    publish(scene.world, scene.cast.owner, { visibility, caption: await caption(scene) });
const commentOn =
  (visibility: string): Maker =>
  async (scene) =>
    comment(scene.cast.owner, await post(visibility)(scene), 'First.');

/** Things of the owner, by type, and who sees them. */
const MATRIX: Readonly<Record<string, Readonly<Record<string, Thing>>>> = {
  Actor: {
    'in use': { make: ({ cast }) => cast.owner.actorGlobalId, seenBy: everybody },
    'waiting for approval': { make: pendingActor, seenBy: none },
    suspended: { make: suspendedActor, seenBy: everybody },
    'of a suspended server': { make: barredActor, seenBy: none },
  },
  ActorList: { any: { make: ownList, seenBy: owner } },
  AdminAccount: {
    any: {
      make: ({ cast }) => toGlobalId('adminaccount', cast.owner.accountId),
      seenBy: staff,
    },
  },
  AuditEntry: { any: { make: auditEntry, seenBy: ['admin'] } },
  BookmarkFolder: { any: { make: ownFolder, seenBy: owner } },
  Playlist: {
    public: { make: playlist('PUBLIC'), seenBy: unlessBlocked },
    unlisted: { make: playlist('UNLISTED'), seenBy: unlessBlocked },
    'of this server': { make: playlist('LOCAL'), seenBy: signedInUnlessBlocked },
    'for followers': { make: playlist('FOLLOWERS'), seenBy: friends },
    'for its owner': { make: playlist('MENTIONED'), seenBy: owner },
    deleted: { make: deletedPlaylist, seenBy: none },
  },
  Collection: {
    public: { make: collection('PUBLIC'), seenBy: unlessBlocked },
    unlisted: { make: collection('UNLISTED'), seenBy: unlessBlocked },
    'of this server': { make: collection('LOCAL'), seenBy: signedInUnlessBlocked },
    'for followers': { make: collection('FOLLOWERS'), seenBy: friends },
    'for its owner': { make: collection('MENTIONED'), seenBy: owner },
    deleted: { make: deletedCollection, seenBy: none },
  },
  Comment: {
    'on a public post': { make: commentOn('PUBLIC'), seenBy: unlessBlocked },
    'on a post for followers': { make: commentOn('FOLLOWERS'), seenBy: friends },
    deleted: { make: deletedComment, seenBy: none },
  },
  ContentFilter: { any: { make: ownFilter, seenBy: owner } },
  CustomEmoji: { any: { make: someEmoji, seenBy: everybody } },
  DataExport: { any: { make: ownExport, seenBy: owner } },
  DataImport: { any: { make: ownImport, seenBy: owner } },
  DomainRule: {
    'that changes what is seen': { make: (scene) => someDomainRule(scene), seenBy: everybody },
    'that changes nothing': { make: (scene) => someDomainRule(scene, 'NONE'), seenBy: staff },
  },
  Draft: { any: { make: ownDraft, seenBy: owner } },
  EditorialPick: {
    'in force': { make: pickOfOwner, seenBy: unlessBlocked },
    'taken back': { make: withdrawnPick, seenBy: none },
  },
  EmojiImport: { any: { make: emojiImport, seenBy: ['admin'] } },
  FeedSnapshot: { any: { make: ownSnapshot, seenBy: owner } },
  FileMedia: {
    any: {
      make: ({ cast }) =>
        readyPicture(world, cast.owner, { purpose: 'EMOJI_ARCHIVE', kind: 'file' }),
      seenBy: owner,
    },
  },
  Highlight: {
    'of public stories': { make: highlight('PUBLIC'), seenBy: unlessBlocked },
    'of stories for followers': { make: highlight('FOLLOWERS'), seenBy: friends },
    deleted: { make: deletedHighlight, seenBy: none },
  },
  Hashtag: {
    'of a public post': { make: hashtag('PUBLIC'), seenBy: unlessBlocked },
    'of posts for followers only': { make: hashtag('FOLLOWERS'), seenBy: friends },
    'that nobody used, followed': { make: followedHashtag, seenBy: owner },
  },
  ImageMedia: {
    'in no post': { make: (scene) => ownPicture(scene), seenBy: owner },
    'in a public post': { make: pictureIn('PUBLIC'), seenBy: unlessBlocked },
    'in a post for followers': { make: pictureIn('FOLLOWERS'), seenBy: friends },
    'in a post of this server': {
      make: pictureIn('LOCAL'),
      seenBy: signedInUnlessBlocked,
    },
    'in a public story': { make: pictureInStory('PUBLIC'), seenBy: unlessBlocked },
    'in a story for followers': { make: pictureInStory('FOLLOWERS'), seenBy: friends },
    deleted: { make: deletedPicture, seenBy: none },
  },
  Invite: {
    any: { make: ownInvite, seenBy: ['owner', ...staff] },
    'of the staff': { make: invite, seenBy: staff },
  },
  ModerationAction: {
    any: { make: actionOnOwner, seenBy: ['owner', ...staff] },
  },
  Notification: { any: { make: notification, seenBy: owner } },
  NotificationRequest: { any: { make: notificationRequest, seenBy: owner } },
  PersonalAccessToken: { any: { make: ownToken, seenBy: owner } },
  PhotoPost: {
    public: { make: post('PUBLIC'), seenBy: unlessBlocked },
    unlisted: { make: post('UNLISTED'), seenBy: unlessBlocked },
    'of this server': {
      make: post('LOCAL'),
      seenBy: signedInUnlessBlocked,
    },
    'for followers': { make: post('FOLLOWERS'), seenBy: friends },
    'for followers, mentioning a stranger': {
      make: post('FOLLOWERS', ({ cast }) => `@${cast.stranger.username}`),
      seenBy: ['stranger', ...friends],
    },
    'for those mentioned': {
      make: post('MENTIONED', ({ cast }) => `@${cast.stranger.username}`),
      seenBy: ['stranger', 'owner'],
    },
    'for those mentioned, with somebody blocked among them': {
      make: post('MENTIONED', ({ cast }) => `@${cast.blocked.username}`),
      seenBy: owner,
    },
    'put away': { make: archivedPost, seenBy: owner },
    deleted: { make: deletedPost, seenBy: none },
  },
  PhotoTag: {
    'not confirmed': { make: tagOfOwner, seenBy: friends },
    confirmed: { make: confirmedTag, seenBy: unlessBlocked },
  },
  Place: { any: { make: place, seenBy: everybody } },
  PostRevision: {
    'of a public post': { make: revision('PUBLIC'), seenBy: unlessBlocked },
    'of a post for followers': { make: revision('FOLLOWERS'), seenBy: friends },
  },
  PushTarget: { any: { make: ownPushTarget, seenBy: owner } },
  Relationship: { any: { make: relationship, seenBy: owner } },
  Report: { any: { make: ownReport, seenBy: ['owner', ...staff] } },
  Rule: { any: { make: rule, seenBy: everybody } },
  Session: { any: { make: ownSession, seenBy: owner } },
  ChatDevice: {
    any: { make: async (at) => (await ownDevice(at)).id, seenBy: signedInUnlessBlocked },
  },
  ChatMessage: { any: { make: ownMessage, seenBy: owner } },
  Conversation: { any: { make: ownConversation, seenBy: owner } },
  StarterPack: {
    listed: { make: (at) => ownPack(at), seenBy: unlessBlocked },
    'not listed': { make: (at) => ownPack(at, false), seenBy: unlessBlocked },
    deleted: { make: deletedPack, seenBy: none },
    'removed by the staff': { make: removedPack, seenBy: none },
  },
  Sound: {
    'of a public video': { make: sound('PUBLIC'), seenBy: unlessBlocked },
    'of a video for followers': { make: sound('FOLLOWERS'), seenBy: friends },
    'of a deleted video': { make: deletedSound, seenBy: none },
  },
  Story: {
    public: { make: story('PUBLIC'), seenBy: unlessBlocked },
    'for followers': { make: story('FOLLOWERS'), seenBy: friends },
    'for followers, mentioning a stranger': {
      make: ({ cast }) => tell(world, cast.owner, { caption: `@${cast.stranger.username}` }),
      seenBy: ['stranger', ...friends],
    },
    'for close friends': { make: closeFriendsStory, seenBy: ['stranger', 'owner'] },
    expired: { make: expiredStory, seenBy: owner },
    'expired, in a highlight': { make: highlightedStory, seenBy: unlessBlocked },
    deleted: { make: deletedStory, seenBy: none },
    'removed by the staff': { make: removedStory, seenBy: none },
  },
  StoryAnswer: { any: { make: answerToOwner, seenBy: friends } },
  StoryTray: {
    'of public stories': { make: tray('PUBLIC'), seenBy: unlessBlocked },
    'of stories for followers': { make: tray('FOLLOWERS'), seenBy: friends },
    'of nothing': { make: () => trayOf(world.local('quiet')), seenBy: none },
  },
  TextPost: {
    public: { make: textPost('PUBLIC'), seenBy: unlessBlocked },
    'for followers': { make: textPost('FOLLOWERS'), seenBy: friends },
  },
  VideoPost: {
    public: { make: videoPost('PUBLIC', 'postId'), seenBy: unlessBlocked },
    'for followers': { make: videoPost('FOLLOWERS', 'postId'), seenBy: friends },
  },
  VideoMedia: {
    'in a public post': { make: videoPost('PUBLIC', 'mediaId'), seenBy: unlessBlocked },
    'in a post for followers': { make: videoPost('FOLLOWERS', 'mediaId'), seenBy: friends },
  },
  Viewer: {
    any: { make: ({ cast }) => toGlobalId('account', cast.owner.accountId), seenBy: owner },
  },
};

const schema = await buildAppSchema();
let world: World;
let scene: Scene;

beforeAll(async () => {
  world = await startWorld({ GRAPHQL_ANONYMOUS_POINTS_PER_HOUR: '1000000' });
  scene = { world, cast: await newCast(world) };
}, 600_000);

afterAll(() => world[Symbol.asyncDispose]());

test('the matrix has every type with an id, and no other', () => {
  const node = schema.getType('Node');
  if (!isInterfaceType(node)) throw new Error('Node is no interface');
  const types = schema.getPossibleTypes(node).map(({ name }) => name);
  expect(Object.keys(MATRIX).sort()).toEqual(types.sort());
});

const things = Object.entries(MATRIX).flatMap(([type, kinds]) =>
  Object.entries(kinds).map(([kind, thing]) => [type, kind, thing] as const),
);

test.each(things)('G17 %s, %s: seen by whom the matrix says', async (type, _kind, thing) => {
  const id = await thing.make(scene);
  const unknown = toGlobalId(id.split('_')[0]!, newId(world.clock.now()));
  const found: Standing[] = [];
  for (const standing of STANDINGS) {
    const nothing = await ask(standing, unknown);
    const answer = await ask(standing, id);
    if (answer.data.node === null) expect(bare(answer, id)).toEqual(bare(nothing, unknown));
    else {
      expect(bare(answer, id)).toEqual({
        status: 200,
        errors: undefined,
        data: { node: { __typename: type, id: '…' }, nodes: [{ __typename: type, id: '…' }] },
      });
      found.push(standing);
    }
  }
  expect(found).toEqual(STANDINGS.filter((standing) => thing.seenBy.includes(standing)));
});

interface Nodes {
  node: object | null;
  nodes: (object | null)[];
}

function ask(standing: Standing, id: string): Promise<GraphQLAnswer<Nodes>> {
  const document =
    'query ($id: ID!) { node(id: $id) { __typename id } nodes(ids: [$id]) { __typename id } }';
  const who = scene.cast[standing];
  return who === null
    ? world.graphql<Nodes>(document, { id }, null, fromFreshAddress())
    : who.graphql<Nodes>(document, { id });
}

/** An answer without what differs between any two requests. */
function bare({ status, data, errors }: GraphQLAnswer<Nodes>, id: string): object {
  return { status, errors, data: JSON.parse(JSON.stringify(data).replaceAll(id, '…')) as object };
}

const SUSPEND = statement(
  'test.nodes.suspend',
  `update actors set status = 'SUSPENDED' where id = $1`,
);

async function suspendedActor(at: Scene): Promise<string> {
  const person = await newcomer(at);
  await world.services.database.rows(SUSPEND, [person.actorId]);
  return person.actorGlobalId;
}

async function archivedPost(at: Scene): Promise<string> {
  const postId = await post('PUBLIC')(at);
  await done(at.cast.owner, 'setPostArchived', { postId, archived: true });
  return postId;
}

async function deletedPost(at: Scene): Promise<string> {
  const postId = await post('PUBLIC')(at);
  await done(at.cast.owner, 'deletePost', { postId });
  return postId;
}

function textPost(visibility: string): Maker {
  return async (at) => makeText(world, await post(visibility, () => 'Only words.')(at));
}

function videoPost(visibility: string, part: 'postId' | 'mediaId'): Maker {
  return async ({ cast }) => (await publishVideo(world, cast.owner, { visibility }))[part];
}

function sound(visibility: string): Maker {
  return async (at) => (await ownSound(at, visibility)).soundId;
}

async function deletedSound(at: Scene): Promise<string> {
  const { postId, soundId } = await ownSound(at);
  await done(at.cast.owner, 'deletePost', { postId });
  return soundId;
}

async function withdrawnPick(at: Scene): Promise<string> {
  const pickId = await pickOfOwner(at);
  await done(at.cast.moderator, 'withdrawPick', { pickId });
  return pickId;
}

function playlist(visibility: string): Maker {
  return (at) => ownPlaylist(at, visibility);
}

function collection(visibility: string): Maker {
  return (at) => ownCollection(at, visibility);
}

async function confirmedTag(at: Scene): Promise<string> {
  const tagId = await tagOfOwner(at);
  await done(at.cast.owner, 'respondToTag', { tagId, approved: true });
  return tagId;
}

const ADD_BARRED = statement(
  'test.add_barred_actor',
  `insert into actors (id, username, domain, uri, url, status, domain_severity, joined_at, updated_at)
   values ($1, $2, 'barred.test', $3, $3, 'SUSPENDED', 'SUSPEND', $4, $4)`,
);

async function barredActor(at: Scene): Promise<string> {
  const now = at.world.clock.now();
  const id = newId<'actor'>(now);
  await world.services.database.rows(ADD_BARRED, [id, id, `https://barred.test/${id}`, now]);
  return toGlobalId('actor', id);
}

async function auditEntry(at: Scene): Promise<string> {
  await actionOnOwner(at);
  const answer = await at.cast.admin.graphql<{ admin: { auditLog: { nodes: { id: string }[] } } }>(
    '{ admin { auditLog(first: 1) { nodes { id } } } }',
  );
  return answer.data.admin.auditLog.nodes[0]!.id;
}

async function emojiImport(at: Scene): Promise<string> {
  const answer = await at.cast.admin.graphql<{
    importCustomEmoji: { emojiImport: { id: string } };
  }>('mutation ($id: ID!) { importCustomEmoji(input: { mediaId: $id }) { emojiImport { id } } }', {
    id: await emojiArchive(at),
  });
  return answer.data.importCustomEmoji.emojiImport.id;
}

async function deletedPack(at: Scene): Promise<string> {
  const starterPackId = await ownPack(at);
  await done(at.cast.owner, 'deleteStarterPack', { starterPackId });
  return starterPackId;
}

async function removedPack(at: Scene): Promise<string> {
  const starterPackId = await ownPack(at);
  await done(at.cast.moderator, 'takeModerationAction', {
    targetId: at.cast.owner.actorGlobalId,
    kind: 'REMOVE_CONTENT',
    subjectIds: [starterPackId],
    reason: 'Be kind.',
  });
  return starterPackId;
}

async function deletedPlaylist(at: Scene): Promise<string> {
  const playlistId = await ownPlaylist(at);
  await done(at.cast.owner, 'deletePlaylist', { playlistId });
  return playlistId;
}

async function deletedCollection(at: Scene): Promise<string> {
  const collectionId = await ownCollection(at);
  await done(at.cast.owner, 'deleteCollection', { collectionId });
  return collectionId;
}

async function place(): Promise<string> {
  const [id] = await addPlaces(world, 'Kite Bay', 1);
  return toGlobalId('place', id!);
}

async function deletedComment(at: Scene): Promise<string> {
  const commentId = await commentOn('PUBLIC')(at);
  await done(at.cast.owner, 'deleteComment', { commentId });
  return commentId;
}

async function deletedPicture(at: Scene): Promise<string> {
  const mediaId = await ownPicture(at);
  await done(at.cast.owner, 'cancelUpload', { mediaId });
  return mediaId;
}

function pictureIn(visibility: string): Maker {
  return async ({ cast }) => {
    const mediaId = await readyPicture(world, cast.owner);
    await done(cast.owner, 'publishPhotoPost', {
      mediaIds: [mediaId],
      common: { caption: '', visibility },
    });
    return mediaId;
  };
}

function story(visibility: string): Maker {
  return ({ cast }) => tell(world, cast.owner, { visibility });
}

async function closeFriendsStory({ cast }: Scene): Promise<string> {
  const actorId = cast.stranger.actorGlobalId;
  await done(cast.owner, 'setCloseFriend', { actorId, closeFriend: true });
  return tell(world, cast.owner, { visibility: 'CLOSE_FRIENDS' });
}

const END = statement('test.end_story', 'update stories set expires_at = $2 where id = $1');

async function expiredStory(at: Scene): Promise<string> {
  const storyId = await story('PUBLIC')(at);
  await world.services.database.rows(END, [innerId(storyId), world.clock.now()]);
  return storyId;
}

async function highlightedStory(at: Scene): Promise<string> {
  const storyId = await expiredStory(at);
  await highlightOf(at, storyId);
  return storyId;
}

async function highlightOf({ cast }: Scene, storyId: string): Promise<string> {
  const answer = await cast.owner.graphql<{ saveHighlight: { highlight: { id: string } } }>(
    'mutation ($input: SaveHighlightInput!) { saveHighlight(input: $input) { highlight { id } } }',
    { input: { title: 'Journey', storyIds: [storyId] } },
  );
  return answer.data.saveHighlight.highlight.id;
}

function highlight(visibility: string): Maker {
  return async (at) => highlightOf(at, await story(visibility)(at));
}

async function deletedHighlight(at: Scene): Promise<string> {
  const highlightId = await highlight('PUBLIC')(at);
  await done(at.cast.owner, 'deleteHighlight', { highlightId });
  return highlightId;
}

async function removedStory(at: Scene): Promise<string> {
  const storyId = await story('PUBLIC')(at);
  await done(at.cast.moderator, 'takeModerationAction', {
    targetId: at.cast.owner.actorGlobalId,
    kind: 'REMOVE_CONTENT',
    subjectIds: [storyId],
    reason: 'Be kind.',
    notifyTarget: false,
  });
  return storyId;
}

async function deletedStory(at: Scene): Promise<string> {
  const storyId = await story('PUBLIC')(at);
  await done(at.cast.owner, 'deleteStory', { storyId });
  return storyId;
}

const END_ALL = statement('test.nodes.end_stories', 'update stories set expires_at = $1');

/** The tray of the owner with one story. */
function tray(visibility: string): Maker {
  return async (at) => {
    await world.services.database.rows(END_ALL, [world.clock.now()]);
    await story(visibility)(at);
    return trayOf(at.cast.owner);
  };
}

async function trayOf(person: Person | Promise<Person>): Promise<string> {
  return toGlobalId('storytray', (await person).actorId);
}

function pictureInStory(visibility: string): Maker {
  return async ({ cast }) => {
    const mediaId = await readyPicture(world, cast.owner, { purpose: 'STORY' });
    await done(cast.owner, 'publishStory', { mediaId, visibility });
    return mediaId;
  };
}

const TAG = statement('test.tag', 'select id from hashtags where name = $1');

function hashtag(visibility: string): Maker {
  return async (at) => {
    const name = `only${visibility.toLowerCase()}`;
    await post(visibility, () => `#${name}`)(at);
    const row = await world.services.database.row<{ id: string }>(TAG, [name]);
    return toGlobalId('hashtag', row!.id);
  };
}

async function followedHashtag({ cast }: Scene): Promise<string> {
  const answer = await cast.owner.graphql<{ followHashtag: { hashtag: { id: string } } }>(
    'mutation { followHashtag(input: { name: "onlyfollowed", following: true }) { hashtag { id } } }',
  );
  return answer.data.followHashtag.hashtag.id;
}

const REVISION = statement('test.revision', 'select id from post_revisions where post_id = $1');

function revision(visibility: string): Maker {
  return async (at) => {
    const postId = await post(visibility)(at);
    await done(at.cast.owner, 'updatePost', { postId, caption: 'Other.' });
    const row = await world.services.database.row<{ id: string }>(REVISION, [innerId(postId)]);
    return toGlobalId('revision', row!.id);
  };
}

async function invite({ cast }: Scene): Promise<string> {
  const answer = await cast.admin.graphql<{ createInvite: { invite: { id: string } } }>(
    'mutation { createInvite(input: {}) { invite { id } } }',
  );
  return answer.data.createInvite.invite.id;
}

async function relationship({ cast }: Scene): Promise<string> {
  const answer = await cast.owner.graphql<{ node: { viewerRelationship: { id: string } } }>(
    'query ($id: ID!) { node(id: $id) { ... on Actor { viewerRelationship { id } } } }',
    { id: cast.blocked.actorGlobalId },
  );
  return answer.data.node.viewerRelationship.id;
}

async function rule({ cast }: Scene): Promise<string> {
  await done(cast.admin, 'updateInstance', { rules: [{ text: 'Be kind.' }] });
  const { data } = await cast.owner.graphql<{ instance: { rules: { id: string }[] } }>(
    '{ instance { rules { id } } }',
  );
  return data.instance.rules[0]!.id;
}
