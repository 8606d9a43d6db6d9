// What makes each mutation answer each of its codes.
import { randomUUID } from 'node:crypto';
import { grantEntitlement } from '../../src/accounts/grant-entitlement.js';
import { mintSetupToken } from '../../src/accounts/first-admin.js';
import { attachMedia } from '../../src/media/attach-media.js';
import type { Media, MediaId } from '../../src/media/media.entity.js';
import { statement } from '../../src/platform/db/database.js';
import { addSeconds } from '../../src/platform/clock.js';
import type { EntitlementKey } from '../../src/platform/entitlements.js';
import type { ErrorCode } from '../../src/platform/errors.js';
import { newId, toGlobalId } from '../../src/platform/ids.js';
import { converse } from '../support/chat.js';
import { addDevice, chatter, makeKeyPackages, registrationOf } from '../support/chat-devices.js';
import { declareAttachment, keepAttachment } from '../support/chat-attachments.js';
import { makeEmoji } from '../support/emojis.js';
import { makeGroupId } from '../support/mls.js';
import { newKey } from '../support/key-packages.js';
import { comment, innerId, publish, readyPicture, sendPost } from '../support/posts.js';
import { tell } from '../support/stories.js';
import { publishVideo, readyVideo, webVtt } from '../support/videos.js';
import { WORLD_PASSWORD, type Person } from '../support/world.js';
import {
  chatterOf,
  discoverablePost,
  done,
  emojiArchive,
  followersPost,
  followersStory,
  fresh,
  newcomer,
  ownCollection,
  ownPlaylist,
  ownSound,
  ownConversation,
  ownDevice,
  ownGroup,
  ownHighlight,
  ownPack,
  failedFile,
  ownVideo,
  pollForFollowers,
  someEmoji,
  claimIn,
  provableIn,
  pushTarget,
  someCursor,
  type Scene,
} from './authorization-table.js';
import { newCrowd } from './crowd.js';
import { additionOf, groupOf, groupOfPerson, openingOf } from './other-groups.js';
import { remoteActor } from './remote-actor.js';
import { lettersFor, orderedElsewhere, renewalOf, type OwnGroup } from './own-group.js';

/** A group of the owner whose hub does not answer. */
const farGroup = async (scene: Scene): Promise<OwnGroup> =>
  orderedElsewhere(scene.world, await ownGroup(scene));

/** A mutation that ends with the code. */
export interface Provocation {
  /** Null = nobody, always from the same network. */
  readonly who: Person | null;
  /** Input of the first, second … time; null where there is none. */
  readonly input: (turn: number) => Promise<object> | object | null;
  /** The code comes at the latest the how many-th time; absent = 1. */
  readonly times?: number;
  /** Limit that counts these times: all but the first and the last one are put on its count at once. */
  readonly countedAs?: string;
}

/** Makes what it takes. */
export type Provoke = (scene: Scene) => Promise<Provocation> | Provocation;

const owner =
  (input: (scene: Scene) => Promise<object> | object): Provoke =>
  async (scene) => {
    const made = await input(scene);
    return { who: scene.cast.owner, input: () => made };
  };
const nobody = (input: object | null, times?: number): Provoke => {
  return () => ({ who: null, input: () => input, times });
};
const about = (field: string, kind: string, more: object = {}): Provoke =>
  owner(({ world }) => ({
    [field]: toGlobalId(kind, newId(world.clock.now())),
    ...more,
  }));
const oneself = (more: object = {}): Provoke =>
  owner(({ cast }) => ({ actorId: cast.owner.actorGlobalId, ...more }));
/** The same key with another input. */
const twice =
  (input: (scene: Scene, turn: number) => Promise<object> | object): Provoke =>
  (scene) => {
    const idempotencyKey = fresh('key');
    return {
      who: scene.cast.admin,
      input: async (turn) => ({ ...(await input(scene, turn)), idempotencyKey }),
      times: 2,
    };
  };
const guessing = (field: string, more: object = {}): Provoke => {
  return async (scene) => ({
    who: await newcomer(scene),
    input: () => ({ [field]: 'wrong guess', ...more }),
    times: 6,
  });
};

const common = { caption: '', visibility: 'PUBLIC' };
const withPicture = (
  state: Media['state'],
  input: (id: string, scene: Scene) => Promise<object> | object,
): Provoke =>
  owner(async (scene) =>
    input(await readyPicture(scene.world, scene.cast.owner, { state }), scene),
  );
const english = { kind: 'CAPTIONS', language: 'en' };
const withVideo = (state: Media['state'], input: (id: string) => object): Provoke =>
  owner(async ({ world, cast }) => input(await readyVideo(world, cast.owner, { state })));
const many = <Item>(count: number, item: Item): Item[] => Array.from({ length: count }, () => item);
const open = { encryption: 'NONE' };
const message = (clientMessageId: string): object => ({
  clientMessageId,
  content: { plaintext: 'Hello' },
});
const newGroup = (): object => ({ mlsGroupId: makeGroupId().toString('base64') });
const unknownDevice = (): string => toGlobalId('chatdevice', newId(new Date()));
const unknownConversation = (): string => toGlobalId('conversation', newId(new Date()));
const SUSPEND = statement(
  'test.suspend_member',
  "update actors set status = 'SUSPENDED' where id = $1",
);
const middle = { x: 0.5, y: 0.5 };
const warning = { kind: 'WARN', reason: 'Be kind.' };
const newPassword = 'three grey geese at dawn';
const FILL_DOMAIN_BLOCKS = statement(
  'test.fill_domain_blocks',
  `insert into domain_blocks select $1, n || '.many.test', now() from generate_series(1, 1000) n`,
);
const FILL_HIDDEN_AUTHORS = statement(
  'test.fill_hidden_authors',
  `with many as (insert into actors (id, username, domain, uri, url, joined_at, updated_at)
     select gen_random_uuid(), 'hidden' || n, 'many.test', 'https://many.test/hidden/' || n, 'https://many.test/hidden/' || n, now(), now()
     from generate_series(1, 1000) n returning id)
   insert into hidden_feed_authors select $1::uuid, id, now() from many where id <> $2::uuid`,
);
const noToken = { token: 'nonsense' };
const another = (): object => {
  const username = fresh('new');
  return {
    username,
    email: `${username}@people.example`,
    password: WORLD_PASSWORD,
    birthDate: '1990-05-01',
    agreedToRules: true,
  };
};
const registering = (changes: object): Provoke => nobody({ ...another(), ...changes });

const toTarget = (target: object): object => ({ target, password: WORLD_PASSWORD });
/** Somebody of their own each time: wrong passwords of one person count together, whatever they were for. */
const newOwner =
  (input: (scene: Scene) => Promise<object> | object): Provoke =>
  async (scene) =>
    owner(input)({ ...scene, cast: { ...scene.cast, owner: await newcomer(scene) } });
const moving: Partial<Record<ErrorCode, Provoke>> = {
  INVALID_CREDENTIALS: newOwner(({ cast }) => ({
    target: { id: cast.stranger.actorGlobalId },
    password: 'wrong guess',
  })),
  NOT_FOUND: newOwner(() => toTarget({ handle: fresh('nobody') })),
  INVALID_INPUT: newOwner(({ cast }) => toTarget({ id: cast.owner.actorGlobalId })),
  CONFLICT: newOwner(async (scene) => {
    const gone = await newcomer(scene);
    await scene.world.services.database.rows(MOVE_AWAY, [gone.actorId]);
    return toTarget({ id: gone.actorGlobalId });
  }),
  RATE_LIMITED: guessing('password', { target: { handle: 'nobody' } }),
};

/** Every code of every mutation. */
export const CODES: Readonly<Record<string, Partial<Record<ErrorCode, Provoke>>>> = {
  acknowledgeMessages: {
    NOT_FOUND: about('conversationId', 'conversation', { upToSequence: '1' }),
    INVALID_INPUT: about('conversationId', 'conversation', { upToSequence: '-1' }),
  },
  addComment: {
    NOT_FOUND: about('postId', 'post', { content: 'x' }),
    FORBIDDEN: async (scene) => {
      const postId = await publish(scene.world, scene.cast.owner, { commentPolicy: 'NOBODY' });
      return { who: scene.cast.stranger, input: () => ({ postId, content: 'x' }) };
    },
    INVALID_INPUT: owner(async (scene) => ({ postId: await ownPost(scene), content: ' ' })),
    RATE_LIMITED: async (scene) => {
      const postId = await ownPost(scene);
      return { who: await newcomer(scene), input: () => ({ postId, content: 'x' }), times: 301 };
    },
    IDEMPOTENCY_KEY_REUSED: twice(async (scene) => ({
      postId: await ownPost(scene),
      content: 'x',
    })),
  },
  answerStory: {
    NOT_FOUND: about('storyId', 'story', { content: 'x' }),
    FORBIDDEN: owner(async (scene) => ({ storyId: await followersStory(scene), content: 'x' })),
    INVALID_INPUT: about('storyId', 'story', { content: ' ' }),
    RATE_LIMITED: async (scene) => ({
      who: await newcomer(scene),
      input: () => ({ storyId: unknownStory(), content: 'x' }),
      times: 301,
    }),
    IDEMPOTENCY_KEY_REUSED: twice(async (scene) => ({
      storyId: await publicStory(scene),
      content: 'x',
    })),
  },
  answerStorySticker: {
    NOT_FOUND: about('storyId', 'story', { stickerIndex: 0, optionIndex: 0 }),
    FORBIDDEN: owner(async (scene) => ({
      storyId: await pollForFollowers(scene),
      stickerIndex: 0,
      optionIndex: 0,
    })),
    INVALID_INPUT: about('storyId', 'story', { stickerIndex: 0 }),
    RATE_LIMITED: async (scene) => ({
      who: await newcomer(scene),
      input: () => ({ storyId: unknownStory(), stickerIndex: 0, text: 'x' }),
      times: 301,
    }),
    IDEMPOTENCY_KEY_REUSED: twice(async (scene) => ({
      storyId: await publicStory(scene),
      stickerIndex: 0,
      text: 'x',
    })),
  },
  cancelUpload: {
    NOT_FOUND: about('mediaId', 'media'),
    CONFLICT: owner(async (scene) => ({ mediaId: await usedPicture(scene) })),
  },
  changeEmail: {
    INVALID_CREDENTIALS: owner(() => ({ currentPassword: 'wrong guess', email: 'a@b.example' })),
    INVALID_INPUT: owner(() => ({ currentPassword: WORLD_PASSWORD, email: 'nonsense' })),
    RATE_LIMITED: guessing('currentPassword', { email: 'a@b.example' }),
  },
  changePassword: {
    INVALID_CREDENTIALS: owner(() => ({ currentPassword: 'wrong guess', password: newPassword })),
    WEAK_PASSWORD: owner(() => ({ currentPassword: WORLD_PASSWORD, password: 'short' })),
    RATE_LIMITED: guessing('currentPassword', { password: newPassword }),
  },
  completeUpload: {
    NOT_FOUND: about('mediaId', 'media'),
    MEDIA_NOT_READY: withPicture('AWAITING_UPLOAD', (mediaId) => ({ mediaId })),
  },
  confirmPassword: {
    INVALID_CREDENTIALS: owner(() => ({ password: 'wrong guess' })),
    RATE_LIMITED: guessing('password'),
  },
  createInvite: {
    FORBIDDEN: async (scene) => {
      await done(scene.cast.admin, 'updateInstance', { membersMayInvite: false });
      return { who: scene.cast.owner, input: () => ({}) };
    },
    INVALID_INPUT: byAdmin(() => ({ maxUses: 0 })),
    LIMIT_EXCEEDED: async (scene) => ({ who: await newcomer(scene), input: () => ({}), times: 21 }),
    RATE_LIMITED: async ({ world }) => ({
      who: await world.moderator(fresh('mod')),
      input: () => ({}),
      times: 61,
    }),
    IDEMPOTENCY_KEY_REUSED: twice((_scene, turn) => ({ maxUses: turn })),
  },
  createPersonalAccessToken: {
    REAUTHENTICATION_REQUIRED: async (scene) => {
      const who = await newcomer(scene);
      await scene.world.services.database.rows(FORGET_PROOF, [who.accountId]);
      return { who, input: () => ({ name: 'x', scopes: ['read'] }) };
    },
    INVALID_INPUT: owner(() => ({ name: '', scopes: ['read'] })),
    LIMIT_EXCEEDED: async (scene) => ({
      who: await newcomer(scene),
      input: () => ({ name: 'x', scopes: ['read'] }),
      times: 101,
    }),
    IDEMPOTENCY_KEY_REUSED: twice((_scene, turn) => ({ name: `No. ${turn}`, scopes: ['read'] })),
  },
  createChatAttachment: {
    INVALID_INPUT: owner(() => ({ sizeBytes: '0' })),
    QUOTA_EXCEEDED: withLimit('UPLOADS_PER_DAY', () => ({ sizeBytes: '10' })),
    RATE_LIMITED: async (scene) => ({
      who: await newcomer(scene),
      input: () => ({ sizeBytes: '0' }),
      times: 200,
    }),
  },
  deleteChatAttachment: {
    NOT_FOUND: about('mediaId', 'media'),
    CONFLICT: async (scene) => {
      const who = await newcomer(scene);
      const { media } = await keepAttachment(scene.world, who, Buffer.from('sealed'));
      await done(who, 'saveKeyBackup', { data: 'AAAA', version: 0, historyId: media.id });
      return { who, input: () => ({ mediaId: media.id }) };
    },
  },
  createUpload: {
    FORBIDDEN: owner(() => upload({ purpose: 'EMOJI_ARCHIVE', mimeType: 'application/gzip' })),
    INVALID_INPUT: owner(() => upload({ sizeBytes: '0' })),
    UNSUPPORTED_MEDIA: owner(() => upload({ mimeType: 'image/svg+xml' })),
    QUOTA_EXCEEDED: withLimit('UPLOADS_PER_DAY', () => upload()),
    IDEMPOTENCY_KEY_REUSED: twice((_scene, turn) => upload({ fileName: `${turn}.jpg` })),
  },
  decideRegistration: {
    FORBIDDEN: byDemoted(({ cast }) => ({ actorId: cast.owner.actorGlobalId, approve: true })),
    NOT_FOUND: byAdmin(({ world }) => ({
      actorId: toGlobalId('actor', newId(world.clock.now())),
      approve: true,
    })),
    CONFLICT: byAdmin(({ cast }) => ({ actorId: cast.owner.actorGlobalId, approve: true })),
    INVALID_INPUT: byAdmin(({ cast }) => ({
      actorId: cast.owner.actorGlobalId,
      approve: false,
      reason: 'x'.repeat(1_001),
    })),
  },
  deleteAccount: {
    INVALID_CREDENTIALS: owner(() => ({ password: 'wrong guess' })),
    RATE_LIMITED: guessing('password'),
    FORBIDDEN: async (scene) => {
      const who = await newcomer(scene);
      await scene.world.services.database.rows(MAKE_OWNER, [who.accountId]);
      return { who, input: () => ({ password: WORLD_PASSWORD }) };
    },
  },
  giveFeedFeedback: {
    INVALID_INPUT: owner(({ cast }) => ({
      subjectId: cast.owner.actorGlobalId,
      control: 'HIDE_AUTHOR',
    })),
    NOT_FOUND: about('subjectId', 'post', { control: 'LESS_LIKE_THIS' }),
    CONFLICT: async ({ world, cast }) => {
      const subjectId = await publish(world, cast.owner);
      const input = { subjectId, control: 'LESS_LIKE_THIS' };
      return { who: cast.stranger, input: () => input };
    },
    LIMIT_EXCEEDED: newOwner(async ({ world, cast }) => {
      const { database } = world.services;
      await database.rows(FILL_HIDDEN_AUTHORS, [cast.owner.actorId, cast.stranger.actorId]);
      return { subjectId: cast.stranger.actorGlobalId, control: 'HIDE_AUTHOR' };
    }),
  },
  pickPost: {
    FORBIDDEN: byDemoted(() => ({ postId: 'post_nothing', criterion: 'CRAFT', reason: 'Light.' })),
    NOT_FOUND: byAdmin(({ world }) => ({
      postId: toGlobalId('post', newId(world.clock.now())),
      criterion: 'CRAFT',
      reason: 'Light.',
    })),
    INVALID_INPUT: byAdmin(async (scene) => ({
      postId: await discoverablePost(scene),
      criterion: 'CRAFT',
      reason: ' ',
    })),
    ALREADY_EXISTS: byAdmin(async (scene) => {
      const postId = await discoverablePost(scene);
      const pick = { postId, criterion: 'CRAFT', reason: 'Light.' };
      await done(scene.cast.admin, 'pickPost', pick);
      return pick;
    }),
  },
  resetInterests: {
    INVALID_INPUT: owner(({ cast }) => ({
      subjectIds: Array.from({ length: 101 }, () => cast.stranger.actorGlobalId),
    })),
  },
  updateFeedPreferences: {
    INVALID_INPUT: owner(() => ({ defaultAlgorithm: 'secret' })),
    LIMIT_EXCEEDED: owner(() => ({
      mutedHashtags: Array.from({ length: 101 }, (_, index) => `tag${index}`),
    })),
  },
  withdrawPick: {
    FORBIDDEN: byDemoted(() => ({ pickId: 'pick_nothing' })),
    NOT_FOUND: byAdmin(({ world }) => ({ pickId: toGlobalId('pick', newId(world.clock.now())) })),
  },
  decideTrend: {
    FORBIDDEN: byDemoted(() => ({ subjectId: 'post_nothing', allow: true })),
    NOT_FOUND: byAdmin(({ world }) => ({
      subjectId: toGlobalId('post', newId(world.clock.now())),
      allow: true,
    })),
  },
  dismissSuggestion: { INVALID_INPUT: oneself(), NOT_FOUND: about('actorId', 'actor') },
  deleteBookmarkFolder: { NOT_FOUND: about('folderId', 'bookmarkfolder') },
  deleteCustomEmoji: {
    FORBIDDEN: byDemoted(noEmoji),
    NOT_FOUND: byAdmin(noEmoji),
  },
  deleteCaptionTrack: {
    NOT_FOUND: about('mediaId', 'media', english),
  },
  deletePlaylist: { NOT_FOUND: about('playlistId', 'playlist') },
  deleteCollection: { NOT_FOUND: about('collectionId', 'collection') },
  deleteDomainRule: {
    FORBIDDEN: byDemoted(({ world }) => ({
      ruleId: toGlobalId('domainrule', newId(world.clock.now())),
    })),
    NOT_FOUND: byAdmin(({ world }) => ({
      ruleId: toGlobalId('domainrule', newId(world.clock.now())),
    })),
  },
  deleteComment: { NOT_FOUND: about('commentId', 'comment') },
  deleteDraft: { NOT_FOUND: about('draftId', 'draft') },
  deleteFilter: { NOT_FOUND: about('filterId', 'filter') },
  deleteList: { NOT_FOUND: about('listId', 'list') },
  deleteChatMessage: { NOT_FOUND: about('messageId', 'chatmessage') },
  deleteStarterPack: { NOT_FOUND: about('starterPackId', 'starterpack') },
  deletePost: { NOT_FOUND: about('postId', 'post') },
  deleteHighlight: { NOT_FOUND: about('highlightId', 'highlight') },
  deleteStory: { NOT_FOUND: about('storyId', 'story') },
  deleteStoryAnswer: { NOT_FOUND: about('answerId', 'storyanswer') },
  detachQuote: { NOT_FOUND: about('postId', 'post') },
  disputeSound: {
    NOT_FOUND: about('postId', 'post'),
    CONFLICT: owner(async ({ world, cast }) => ({ postId: await publish(world, cast.owner) })),
  },
  followActor: {
    NOT_FOUND: about('actorId', 'actor'),
    INVALID_INPUT: oneself(),
    BLOCKED: ({ cast }) => ({
      who: cast.blocked,
      input: () => ({ actorId: cast.owner.actorGlobalId }),
    }),
    CONFLICT: owner(async (scene) => {
      const { actorId, actorGlobalId } = await newcomer(scene);
      await scene.world.services.database.rows(MOVE_AWAY, [actorId]);
      return { actorId: actorGlobalId };
    }),
    RATE_LIMITED: async (scene) => ({
      who: await newcomer(scene),
      input: () => ({ actorId: scene.cast.owner.actorGlobalId }),
      times: 201,
    }),
  },
  fetchRemoteObject: {
    NOT_FOUND: owner(() => ({ handle: fresh('nobody') })),
    RATE_LIMITED: async (scene) => ({
      who: await newcomer(scene),
      input: () => ({ handle: scene.cast.owner.username }),
      times: 101,
    }),
  },
  followHashtag: {
    INVALID_INPUT: owner(() => ({ name: 'two words', following: true })),
    LIMIT_EXCEEDED: async (scene) => {
      const who = await newcomer(scene);
      await scene.world.services.database.rows(FOLLOW_HASHTAGS, [who.actorId]);
      return { who, input: () => ({ name: fresh('kites'), following: true }) };
    },
  },
  importCustomEmoji: {
    FORBIDDEN: byDemoted(({ world }) => ({
      mediaId: toGlobalId('media', newId(world.clock.now())),
    })),
    INVALID_INPUT: byAdmin(async (scene) => ({
      mediaId: await emojiArchive(scene),
      category: 'x'.repeat(65),
    })),
    NOT_FOUND: byAdmin(({ world }) => ({ mediaId: toGlobalId('media', newId(world.clock.now())) })),
    ALREADY_EXISTS: byAdmin(async (scene) => {
      const mediaId = await emojiArchive(scene);
      const { database } = scene.world.services;
      await database.rows(USE_MEDIA, [innerId(mediaId)]);
      return { mediaId };
    }),
    MEDIA_NOT_READY: byAdmin(async (scene) => ({
      mediaId: await emojiArchive(scene, 'AWAITING_UPLOAD'),
    })),
    IDEMPOTENCY_KEY_REUSED: twice(async (scene) => ({ mediaId: await emojiArchive(scene) })),
  },
  markNotificationsRead: { INVALID_INPUT: owner(() => ({})) },
  markStoriesSeen: {
    INVALID_INPUT: owner(() => ({ storyIds: Array.from({ length: 101 }, () => unknownStory()) })),
  },
  moveAccount: {
    ...moving,
    FORBIDDEN: newOwner(({ cast }) => toTarget({ id: cast.stranger.actorGlobalId })),
  },
  orderHighlights: {
    INVALID_INPUT: owner(async (scene) => {
      const id = await ownHighlight(scene);
      return { highlightIds: [id, id] };
    }),
    NOT_FOUND: owner(({ world }) => ({
      highlightIds: [toGlobalId('highlight', newId(world.clock.now()))],
    })),
  },
  publishDraft: {
    FORBIDDEN: owner(async (scene) => {
      const mediaId = await readyPicture(scene.world, scene.cast.owner);
      const tags = [{ ...middle, mediaId, actorId: await untaggable(scene) }];
      return { draftId: await draftOf(scene.cast.owner, { mediaIds: [mediaId], tags }) };
    }),
    NOT_FOUND: about('draftId', 'draft'),
    INVALID_INPUT: owner(async ({ cast }) => ({ draftId: await draftOf(cast.owner, {}) })),
    MEDIA_NOT_READY: withPicture('PROCESSING', async (id, { cast }) => ({
      draftId: await draftOf(cast.owner, { mediaIds: [id] }),
    })),
    // Found out while the draft lay there.
    MEDIA_REJECTED: withPicture('PROCESSING', async (id, { cast, world }) => {
      const draftId = await draftOf(cast.owner, { mediaIds: [id] });
      await world.services.database.rows(REJECT_MEDIA, [innerId(id)]);
      return { draftId };
    }),
    QUOTA_EXCEEDED: withLimit('POSTS_PER_DAY', async ({ world }, who) => ({
      draftId: await draftOf(who, { mediaIds: [await readyPicture(world, who)] }),
    })),
    IDEMPOTENCY_KEY_REUSED: twice(async ({ world, cast }) => ({
      draftId: await draftOf(cast.admin, { mediaIds: [await readyPicture(world, cast.admin)] }),
    })),
  },
  publishPhotoPost: {
    FORBIDDEN: owner(async (scene) => {
      const mediaId = await readyPicture(scene.world, scene.cast.owner);
      const tags = [{ ...middle, mediaId, actorId: await untaggable(scene) }];
      return { mediaIds: [mediaId], tags, common };
    }),
    LIMIT_EXCEEDED: withPicture('READY', (id) => ({ mediaIds: [id], tags: crowdOn(id), common })),
    INVALID_INPUT: owner(() => ({ mediaIds: [], common })),
    NOT_FOUND: owner(({ world }) => ({
      mediaIds: [toGlobalId('media', newId(world.clock.now()))],
      common,
    })),
    MEDIA_NOT_READY: withPicture('PROCESSING', (id) => ({ mediaIds: [id], common })),
    MEDIA_REJECTED: withPicture('REJECTED', (id) => ({ mediaIds: [id], common })),
    ALREADY_EXISTS: owner(async (scene) => ({ mediaIds: [await usedPicture(scene)], common })),
    QUOTA_EXCEEDED: withLimit('POSTS_PER_DAY', async (scene, who) => ({
      mediaIds: [await readyPicture(scene.world, who)],
      common,
    })),
    IDEMPOTENCY_KEY_REUSED: twice(async ({ world, cast }) => ({
      mediaIds: [await readyPicture(world, cast.admin)],
      common,
    })),
  },
  publishVideoPost: {
    FORBIDDEN: owner(async (scene) => {
      const mediaId = await readyVideo(scene.world, scene.cast.owner);
      const tags = [{ ...middle, mediaId, actorId: await untaggable(scene) }];
      return { mediaId, tags, common };
    }),
    LIMIT_EXCEEDED: withVideo('READY', (mediaId) => ({ mediaId, tags: crowdOn(mediaId), common })),
    INVALID_INPUT: withPicture('READY', (mediaId) => ({ mediaId, common })),
    NOT_FOUND: owner(({ world }) => ({
      mediaId: toGlobalId('media', newId(world.clock.now())),
      common,
    })),
    MEDIA_NOT_READY: withVideo('PROCESSING', (mediaId) => ({ mediaId, common })),
    MEDIA_REJECTED: withVideo('REJECTED', (mediaId) => ({ mediaId, common })),
    ALREADY_EXISTS: owner(async ({ world, cast }) => {
      const { mediaId } = await publishVideo(world, cast.owner);
      return { mediaId, common };
    }),
    QUOTA_EXCEEDED: withLimit('POSTS_PER_DAY', async ({ world }, who) => ({
      mediaId: await readyVideo(world, who),
      common,
    })),
    IDEMPOTENCY_KEY_REUSED: twice(async ({ world, cast }) => ({
      mediaId: await readyVideo(world, cast.admin),
      common,
    })),
  },
  publishStory: {
    FORBIDDEN: async (scene) => {
      const who = await newcomer(scene);
      await scene.world.services.database.rows(MOVE_AWAY, [who.actorId]);
      return { who, input: async () => ({ mediaId: await storyPicture(scene, who) }) };
    },
    INVALID_INPUT: withStoryPicture('READY', (mediaId) => ({ mediaId, durationSeconds: 60 })),
    NOT_FOUND: about('mediaId', 'media'),
    MEDIA_NOT_READY: withStoryPicture('PROCESSING', (mediaId) => ({ mediaId })),
    MEDIA_REJECTED: withStoryPicture('REJECTED', (mediaId) => ({ mediaId })),
    ALREADY_EXISTS: owner(async (scene) => {
      const mediaId = await storyPicture(scene, scene.cast.owner);
      await done(scene.cast.owner, 'publishStory', { mediaId });
      return { mediaId };
    }),
    LIMIT_EXCEEDED: async (scene) => {
      const who = await newcomer(scene);
      return { who, input: async () => ({ mediaId: await storyPicture(scene, who) }), times: 101 };
    },
    IDEMPOTENCY_KEY_REUSED: twice(async (scene) => ({
      mediaId: await storyPicture(scene, scene.cast.admin),
    })),
  },
  remixVideo: {
    NOT_FOUND: owner(async ({ world, cast }) => {
      const { postId } = await publishVideo(world, cast.owner);
      return { clipId: toGlobalId('media', newId(world.clock.now())), remix: { duet: { postId } } };
    }),
    FORBIDDEN: async ({ world, cast }) => ({
      who: cast.follower,
      input: async () => {
        const { postId } = await publishVideo(world, cast.owner, { visibility: 'FOLLOWERS' });
        return { clipId: await readyVideo(world, cast.follower), remix: { duet: { postId } } };
      },
    }),
    INVALID_INPUT: owner(async ({ world, cast }) => {
      const { postId } = await publishVideo(world, cast.owner);
      const clipId = await readyVideo(world, cast.owner);
      return { clipId, remix: { stitch: { postId, seconds: 6 } } };
    }),
    MEDIA_NOT_READY: owner((scene) => duetOf(scene, scene.cast.owner, 'PROCESSING')),
    MEDIA_REJECTED: owner((scene) => duetOf(scene, scene.cast.owner, 'REJECTED')),
    ALREADY_EXISTS: owner(async ({ world, cast }) => {
      const { postId, mediaId } = await publishVideo(world, cast.owner);
      return { clipId: mediaId, remix: { duet: { postId } } };
    }),
    LIMIT_EXCEEDED: async (scene) => {
      const who = await newcomer(scene);
      const input = await duetOf(scene, who);
      return { who, input: () => input, times: 11 };
    },
    QUOTA_EXCEEDED: withLimit('STORAGE_BYTES', (scene, who) => duetOf(scene, who)),
    RATE_LIMITED: async (scene) => {
      const who = await newcomer(scene);
      const input = await duetOf(scene, who);
      return { who, input: () => input, times: 61 };
    },
    IDEMPOTENCY_KEY_REUSED: twice((scene) => duetOf(scene, scene.cast.admin)),
  },
  registerAccount: {
    INVALID_INPUT: registering({ agreedToRules: false }),
    WEAK_PASSWORD: registering({ password: 'short' }),
    USERNAME_TAKEN: registering({ username: 'admin' }),
    REGISTRATION_CLOSED: inMode('CLOSED', {}),
    // The server with a challenge is another one: see the test.
    CAPTCHA_REQUIRED: registering({}),
    EXPIRED: registering({ inviteCode: 'nonsense' }),
    ALREADY_EXISTS: async ({ world }) => {
      const [known] = await newCrowd(world, fresh('known'), 1);
      await world.services.database.rows(DEPOSE_OWNERS);
      const setupToken = await mintSetupToken(world.services);
      const input = { ...another(), email: `${known!.username}@people.example`, setupToken };
      return { who: null, input: () => input };
    },
    RATE_LIMITED: () => ({ who: null, input: () => another(), times: 6 }),
    IDEMPOTENCY_KEY_REUSED: () => {
      const input = { ...another(), idempotencyKey: randomUUID() };
      return {
        who: null,
        input: (turn) => ({ ...input, birthDate: `1990-05-0${turn}` }),
        times: 2,
      };
    },
  },
  registerPushTarget: {
    INVALID_INPUT: owner(() => ({
      target: { webPush: { endpoint: 'https://127.0.0.1/push', p256dh: 'eA', auth: 'eA' } },
    })),
    LIMIT_EXCEEDED: async (scene) => ({
      who: await newcomer(scene),
      input: () => pushTarget(),
      times: 21,
    }),
  },
  removeFollower: { NOT_FOUND: about('actorId', 'actor'), INVALID_INPUT: oneself() },
  removePushTarget: { NOT_FOUND: about('targetId', 'pushtarget') },
  report: {
    NOT_FOUND: about('actorId', 'actor', { category: 'SPAM' }),
    INVALID_INPUT: oneself({ category: 'SPAM' }),
    HUB_UNREACHABLE: owner(async (scene) => {
      const { conversationId } = await farGroup(scene);
      const messages = [provableIn(conversationId)];
      return { actorId: await remoteActor(scene), category: 'SPAM', messages };
    }),
    UNPROVEN_MESSAGE: owner(async (scene) => ({
      actorId: scene.cast.stranger.actorGlobalId,
      category: 'SPAM',
      messages: [claimIn((await ownGroup(scene)).conversationId)],
    })),
    RATE_LIMITED: async (scene) => ({
      who: await newcomer(scene),
      input: () => ({ actorId: scene.cast.owner.actorGlobalId, category: 'SPAM' }),
      times: 31,
    }),
    IDEMPOTENCY_KEY_REUSED: twice(({ cast }, turn) => ({
      actorId: cast.owner.actorGlobalId,
      category: 'SPAM',
      comment: `No. ${turn}`,
    })),
  },
  requestEmailVerification: { RATE_LIMITED: nobody({ email: 'often@people.example' }, 4) },
  requestExport: {
    CONFLICT: async (scene) => ({
      who: await newcomer(scene),
      input: () => ({ format: 'CSV_LISTS' }),
      times: 2,
    }),
    RATE_LIMITED: async (scene) => {
      const who = await newcomer(scene);
      await done(who, 'requestExport', { format: 'CSV_LISTS' });
      await scene.world.services.database.rows(FINISH_EXPORTS);
      return { who, input: () => ({ format: 'CSV_LISTS' }) };
    },
  },
  requestPasswordReset: { RATE_LIMITED: nobody({ email: 'often@people.example' }, 4) },
  resetPassword: {
    EXPIRED: nobody({ ...noToken, password: newPassword }),
    WEAK_PASSWORD: nobody({ ...noToken, password: 'short' }),
    RATE_LIMITED: nobody({ ...noToken, password: newPassword }, 21),
  },
  resolveReport: {
    FORBIDDEN: byDemoted(({ world }) => ({
      reportId: toGlobalId('report', newId(world.clock.now())),
      status: 'DISMISSED',
    })),
    NOT_FOUND: byAdmin(({ world }) => ({
      reportId: toGlobalId('report', newId(world.clock.now())),
      status: 'DISMISSED',
    })),
    INVALID_INPUT: byAdmin(({ world }) => ({
      reportId: toGlobalId('report', newId(world.clock.now())),
      status: 'DISMISSED',
      note: 'x'.repeat(5_001),
    })),
  },
  respondToFollowRequest: { NOT_FOUND: about('actorId', 'actor', { accept: true }) },
  respondToNotificationRequest: {
    NOT_FOUND: about('requestId', 'notificationrequest', { accept: true }),
  },
  respondToTag: { NOT_FOUND: about('tagId', 'tag', { approved: true }) },
  revokeInvite: { NOT_FOUND: about('inviteId', 'invite') },
  revokePersonalAccessToken: { NOT_FOUND: about('tokenId', 'accesstoken') },
  revokeSession: { NOT_FOUND: about('sessionId', 'session') },
  saveBookmarkFolder: {
    INVALID_INPUT: owner(() => ({ title: ' ' })),
    NOT_FOUND: about('folderId', 'bookmarkfolder', { title: 'x' }),
    ALREADY_EXISTS: async (scene) => ({
      who: await newcomer(scene),
      input: () => ({ title: 'x' }),
      times: 2,
    }),
    LIMIT_EXCEEDED: async (scene) => ({
      who: await newcomer(scene),
      input: (turn) => ({ title: `No. ${turn}` }),
      times: 201,
    }),
  },
  saveCustomEmoji: {
    FORBIDDEN: byDemoted(noEmoji),
    INVALID_INPUT: byAdmin(() => ({ shortcode: 'a-b' })),
    NOT_FOUND: byAdmin(noEmoji),
    ALREADY_EXISTS: byAdmin(async (scene) => {
      const shortcode = fresh('kite');
      await makeEmoji(scene.world, scene.cast.moderator, shortcode);
      return { shortcode, mediaId: await emojiPicture(scene, 'READY') };
    }),
    MEDIA_NOT_READY: byAdmin(async (scene) => ({
      shortcode: fresh('kite'),
      mediaId: await emojiPicture(scene, 'PROCESSING'),
    })),
    MEDIA_REJECTED: byAdmin(async (scene) => ({
      shortcode: fresh('kite'),
      mediaId: await emojiPicture(scene, 'REJECTED'),
    })),
    IDEMPOTENCY_KEY_REUSED: twice(async (scene) => ({ emojiId: await someEmoji(scene) })),
    // The last: afterwards there is room for none.
    LIMIT_EXCEEDED: byAdmin(async (scene) => {
      const mediaId = await emojiPicture(scene, 'READY');
      await scene.world.services.database.rows(FILL_EMOJIS, [innerId(mediaId)]);
      return { shortcode: fresh('kite'), mediaId };
    }),
  },
  clearPlaybackHistory: {},
  removeFromPlaybackHistory: { NOT_FOUND: about('postId', 'post') },
  recordPlayback: {
    INVALID_INPUT: owner(async (scene) => ({
      entries: [{ postId: await ownPost(scene), watchedMs: -1 }],
    })),
    RATE_LIMITED: async (scene) => ({
      who: await newcomer(scene),
      input: () => ({ entries: [] }),
      times: 7,
    }),
  },
  saveCaptionTrack: {
    NOT_FOUND: about('mediaId', 'media', { ...english, content: webVtt('x') }),
    INVALID_INPUT: owner(async (scene) => ({
      ...english,
      mediaId: await ownVideo(scene),
      content: 'x',
    })),
    LIMIT_EXCEEDED: owner(async (scene) => {
      const mediaId = await ownVideo(scene);
      await scene.world.services.database.rows(FILL_TRACKS, [innerId(mediaId)]);
      return { ...english, mediaId, content: webVtt('x') };
    }),
    RATE_LIMITED: async (scene) => {
      const who = await newcomer(scene);
      const { mediaId } = await publishVideo(scene.world, who);
      return { who, input: () => ({ ...english, mediaId, content: 'x' }), times: 121 };
    },
  },
  savePlaylist: {
    INVALID_INPUT: owner(() => ({ title: ' ' })),
    NOT_FOUND: about('playlistId', 'playlist'),
    LIMIT_EXCEEDED: async (scene) => ({
      who: await newcomer(scene),
      input: () => ({ title: 'x' }),
      times: 101,
    }),
    IDEMPOTENCY_KEY_REUSED: twice((_scene, turn) => ({ title: `No. ${turn}` })),
  },
  saveCollection: {
    INVALID_INPUT: owner(() => ({ title: ' ' })),
    NOT_FOUND: about('collectionId', 'collection'),
    LIMIT_EXCEEDED: async (scene) => ({
      who: await newcomer(scene),
      input: () => ({ title: 'x' }),
      times: 101,
    }),
    IDEMPOTENCY_KEY_REUSED: twice((_scene, turn) => ({ title: `No. ${turn}` })),
  },
  registerChatDevice: {
    INVALID_INPUT: owner(async (scene) => ({
      ...registrationOf(await chatterOf(scene.cast.owner), await newKey(), scene.world.clock.now()),
      proof: 'AAAA',
    })),
    REAUTHENTICATION_REQUIRED: async (scene) => {
      const somebody = await chatter(await newcomer(scene));
      await addDevice(somebody, scene.world.clock.now());
      await scene.world.services.database.rows(FORGET_PROOF, [somebody.who.accountId]);
      const again = { ...somebody, identity: await newKey() };
      const input = registrationOf(again, await newKey(), scene.world.clock.now());
      return { who: somebody.who, input: () => ({ ...input, replacesIdentity: true }) };
    },
    IDENTITY_MISMATCH: owner(async (scene) => {
      await ownDevice(scene);
      const other = await chatter(scene.cast.owner);
      return registrationOf(other, await newKey(), scene.world.clock.now());
    }),
    ALREADY_EXISTS: owner(async (scene) => {
      const { key } = await ownDevice(scene);
      await ownDevice(scene);
      return registrationOf(await chatterOf(scene.cast.owner), key, scene.world.clock.now());
    }),
    LIMIT_EXCEEDED: async (scene) => {
      const somebody = await chatter(await newcomer(scene));
      const input = async () => registrationOf(somebody, await newKey(), scene.world.clock.now());
      return { who: somebody.who, input, times: 7 };
    },
    RATE_LIMITED: async (scene) => {
      const somebody = await chatter(await newcomer(scene));
      const same = registrationOf(somebody, await newKey(), scene.world.clock.now());
      return { who: somebody.who, input: () => same, times: 31 };
    },
  },
  revokeChatDevice: { NOT_FOUND: about('deviceId', 'chatdevice') },
  publishKeyPackages: {
    NOT_FOUND: about('deviceId', 'chatdevice', { keyPackages: [{ data: 'AAAA' }] }),
    INVALID_INPUT: owner(async (scene) => ({
      deviceId: (await ownDevice(scene)).id,
      keyPackages: [{ data: 'AAAA' }],
    })),
    LIMIT_EXCEEDED: about('deviceId', 'chatdevice', { keyPackages: many(101, { data: 'AAAA' }) }),
    RATE_LIMITED: async (scene) => {
      const device = await ownDevice(scene);
      const [one] = await makeKeyPackages(device, 1, scene.world.clock.now(), false);
      const input = () => ({ deviceId: device.id, keyPackages: many(100, one) });
      return { who: device.who, input, times: 31 };
    },
  },
  claimKeyPackages: {
    INVALID_INPUT: owner(() => ({ actorIds: [] })),
    NOT_FOUND: owner(({ world }) => ({
      actorIds: [toGlobalId('actor', newId(world.clock.now()))],
    })),
    LIMIT_EXCEEDED: owner(({ cast }) => ({ actorIds: many(101, cast.stranger.actorGlobalId) })),
    RATE_LIMITED: async (scene) => ({
      who: await newcomer(scene),
      input: () => ({ actorIds: many(100, scene.cast.owner.actorGlobalId) }),
      times: 21,
    }),
  },
  readRemoteKeyLog: {
    INVALID_INPUT: owner(({ cast }) => ({ actorId: cast.stranger.actorGlobalId, sizes: [0] })),
    LIMIT_EXCEEDED: owner(({ cast }) => ({
      actorId: cast.stranger.actorGlobalId,
      sizes: many(9, 1),
    })),
    NOT_FOUND: owner(({ cast }) => ({ actorId: cast.stranger.actorGlobalId })),
    RATE_LIMITED: async (scene) => ({
      who: await newcomer(scene),
      input: () => ({ actorId: scene.cast.owner.actorGlobalId }),
      times: 301,
    }),
  },
  deleteKeyBackup: {},
  saveKeyBackup: {
    INVALID_INPUT: owner(() => ({ data: '', version: 0 })),
    NOT_FOUND: owner(async (scene) => ({
      data: 'AAAA',
      version: 0,
      historyId: await readyPicture(scene.world, scene.cast.owner),
    })),
    MEDIA_NOT_READY: owner(async ({ cast }) => ({
      data: 'AAAA',
      version: 0,
      historyId: (await declareAttachment(cast.owner, Buffer.alloc(9))).attachment!.media.id,
    })),
    CONFLICT: owner(() => ({ data: 'AAAA', version: 5 })),
    RATE_LIMITED: async (scene) => ({
      who: await newcomer(scene),
      input: () => ({ data: 'AAAA', version: 0 }),
      times: 201,
    }),
  },
  createConversation: {
    INVALID_INPUT: owner(() => ({ ...open, memberIds: [] })),
    NOT_FOUND: owner(({ world }) => ({
      ...open,
      memberIds: [toGlobalId('actor', newId(world.clock.now()))],
    })),
    BLOCKED: owner(({ cast }) => ({ ...open, memberIds: [cast.blocked.actorGlobalId] })),
    NO_CHAT_DEVICE: owner(async (scene) => {
      const { device } = await ownGroup(scene);
      const memberIds = [(await newcomer(scene)).actorGlobalId];
      return openingOf(scene, device.id, { memberIds });
    }),
    ALREADY_EXISTS: owner(async (scene) => {
      const { group, device } = await ownGroup(scene);
      const mlsGroupId = Buffer.from(group.state.groupContext.groupId).toString('base64');
      return openingOf(scene, device.id, { mlsGroupId });
    }),
    RATE_LIMITED: async (scene) => ({
      who: await newcomer(scene),
      input: () => ({ ...open, memberIds: [scene.cast.owner.actorGlobalId] }),
      times: 61,
    }),
  },
  acknowledgeMailbox: { NOT_FOUND: about('deviceId', 'chatdevice', { upToPosition: '1' }) },
  commitConversation: {
    HUB_UNREACHABLE: owner(async (scene) => renewalOf(await farGroup(scene))),
    NOT_FOUND: owner(async (scene) =>
      renewalOf(await ownGroup(scene), { conversationId: unknownConversation() }),
    ),
    INVALID_INPUT: owner(async (scene) => renewalOf(await ownGroup(scene), { commit: 'AAAA' })),
    FORBIDDEN: owner(async (scene) =>
      renewalOf(await ownGroup(scene), { addMemberIds: [scene.cast.stranger.actorGlobalId] }),
    ),
    BLOCKED: owner(async (scene) =>
      renewalOf(await ownGroup(scene, true), { addMemberIds: [scene.cast.blocked.actorGlobalId] }),
    ),
    STALE_EPOCH: owner(async (scene) => {
      const own = await ownGroup(scene);
      await done(scene.cast.owner, 'commitConversation', await renewalOf(own));
      return renewalOf(own);
    }),
    MLS_MISMATCH: owner(async (scene) => renewalOf(await ownGroup(scene), { epoch: 7 })),
    MISSING_WELCOME: owner(async (scene) =>
      renewalOf(await ownGroup(scene, true), { addMemberIds: [scene.cast.stranger.actorGlobalId] }),
    ),
    UNKNOWN_KEY_PACKAGE: owner(async (scene) => additionOf(scene, await ownGroup(scene, true))),
    LIMIT_EXCEEDED: owner(async (scene) =>
      renewalOf(await ownGroup(scene, true), {
        addMemberIds: Array.from({ length: 250 }, () =>
          toGlobalId('actor', newId(scene.world.clock.now())),
        ),
      }),
    ),
    IDEMPOTENCY_KEY_REUSED: owner(async (scene) => {
      const clientMessageId = fresh('commit');
      const former = await ownGroup(scene);
      await done(
        scene.cast.owner,
        'commitConversation',
        await renewalOf(former, { clientMessageId }),
      );
      return renewalOf(await ownGroup(scene), { clientMessageId });
    }),
    RATE_LIMITED: async (scene) => {
      const who = await newcomer(scene);
      const own = await groupOfPerson(scene, who);
      const input = await renewalOf(own, { conversationId: unknownConversation() });
      return { who, input: () => input, times: 600, countedAs: 'chat_commit' };
    },
  },
  registerChatPush: {
    NOT_FOUND: about('deviceId', 'chatdevice', (pushTarget() as { target: object }).target),
    INVALID_INPUT: about('deviceId', 'chatdevice', {
      webPush: { endpoint: 'https://127.0.0.1/push', p256dh: 'eA', auth: 'eA' },
    }),
  },
  removeChatPush: { NOT_FOUND: about('deviceId', 'chatdevice') },
  leaveConversation: { NOT_FOUND: about('conversationId', 'conversation') },
  requestCommitLease: {
    HUB_UNREACHABLE: owner(async (scene) => {
      const { conversationId, device } = await farGroup(scene);
      return { conversationId, deviceId: device.id };
    }),
    NOT_FOUND: owner(async (scene) => ({
      conversationId: unknownConversation(),
      deviceId: (await ownDevice(scene)).id,
    })),
    FORBIDDEN: owner(async (scene) => {
      const { conversationId } = await ownGroup(scene);
      return { conversationId, deviceId: (await ownDevice(scene)).id };
    }),
    RATE_LIMITED: async (scene) => ({
      who: await newcomer(scene),
      input: () => ({ conversationId: unknownConversation(), deviceId: unknownDevice() }),
      times: 1201,
      countedAs: 'chat_lease',
    }),
  },
  resetConversation: {
    HUB_UNREACHABLE: owner(async (scene) => {
      const { conversationId, device } = await farGroup(scene);
      return { ...newGroup(), conversationId, deviceId: device.id };
    }),
    NOT_FOUND: owner(async (scene) => ({
      ...newGroup(),
      conversationId: unknownConversation(),
      deviceId: (await ownDevice(scene)).id,
    })),
    INVALID_INPUT: owner(() => ({
      conversationId: unknownConversation(),
      deviceId: unknownDevice(),
      mlsGroupId: 'AAAA',
    })),
    FORBIDDEN: async (scene) => {
      const { conversationId, member, memberDevice } = await ownGroup(scene, true);
      const deviceId = memberDevice.id;
      return { who: member, input: () => ({ ...newGroup(), conversationId, deviceId }) };
    },
    ALREADY_EXISTS: owner(async (scene) => {
      const { group } = await ownGroup(scene);
      const { conversationId, device } = await ownGroup(scene);
      const mlsGroupId = Buffer.from(group.state.groupContext.groupId).toString('base64');
      return { conversationId, deviceId: device.id, mlsGroupId };
    }),
    RATE_LIMITED: async (scene) => ({
      who: await newcomer(scene),
      input: () => ({
        ...newGroup(),
        conversationId: unknownConversation(),
        deviceId: unknownDevice(),
      }),
      times: 11,
    }),
  },
  sendChatSignal: {
    HUB_UNREACHABLE: owner(async (scene) => {
      const { conversationId, device } = await farGroup(scene);
      return { conversationId, deviceId: device.id, payload: 'AAAA' };
    }),
    NOT_FOUND: owner(async (scene) => ({
      conversationId: unknownConversation(),
      deviceId: (await ownDevice(scene)).id,
      payload: 'AAAA',
    })),
    INVALID_INPUT: owner(() => ({
      conversationId: unknownConversation(),
      deviceId: unknownDevice(),
      payload: Buffer.alloc(1025).toString('base64'),
    })),
    FORBIDDEN: owner(async (scene) => {
      const { conversationId } = await ownGroup(scene);
      return { conversationId, deviceId: (await ownDevice(scene)).id, payload: 'AAAA' };
    }),
    RATE_LIMITED: async (scene) => ({
      who: await newcomer(scene),
      input: () => ({
        conversationId: unknownConversation(),
        deviceId: unknownDevice(),
        payload: 'AAAA',
      }),
      times: 601,
      countedAs: 'chat_signal',
    }),
  },
  setDisappearingMessages: {
    HUB_UNREACHABLE: owner(async (scene) => {
      const { conversationId } = await farGroup(scene);
      return { conversationId, seconds: 60 };
    }),
    NOT_FOUND: about('conversationId', 'conversation', { seconds: 60 }),
    INVALID_INPUT: about('conversationId', 'conversation', { seconds: 1 }),
    FORBIDDEN: async (scene) => {
      const { conversationId, member } = await ownGroup(scene, true);
      return { who: member, input: () => ({ conversationId, seconds: 60 }) };
    },
  },
  sendChatMessage: {
    HUB_UNREACHABLE: owner(async (scene) => lettersFor(await farGroup(scene))),
    EPOCH_TOO_OLD: owner(async (scene) => {
      let own = await ownGroup(scene);
      const old = await lettersFor(own);
      for (let count = 0; count < 3; count++) {
        const { commit, next } = await own.group.commit();
        const input = await renewalOf(own, { commit: commit.toString('base64') });
        await done(scene.cast.owner, 'commitConversation', input);
        own = { ...own, group: next };
      }
      return old;
    }),
    MLS_MISMATCH: owner(async (scene) => {
      const { conversationId, device } = await ownGroup(scene);
      return lettersFor(await groupOf(scene, device), { conversationId });
    }),
    NOT_FOUND: about('conversationId', 'conversation', message('hello')),
    INVALID_INPUT: about('conversationId', 'conversation', {
      ...message('hello'),
      content: { plaintext: ' ' },
    }),
    FORBIDDEN: owner(async (scene) => {
      const other = await newcomer(scene);
      const { conversation } = await converse(scene.cast.owner, other.actorGlobalId);
      await scene.world.services.database.rows(SUSPEND, [other.actorId]);
      return { ...message('hello'), conversationId: conversation!.id };
    }),
    LIMIT_EXCEEDED: async (scene) => {
      const conversationId = await ownConversation(scene);
      const input = (turn: number) => ({ ...message(fresh(`turn${turn}`)), conversationId });
      return { who: scene.cast.owner, input, times: 5 };
    },
    IDEMPOTENCY_KEY_REUSED: owner(async (scene) => {
      const again = message(fresh('again'));
      await done(scene.cast.owner, 'sendChatMessage', {
        ...again,
        conversationId: await ownConversation(scene),
      });
      return { ...again, conversationId: await ownConversation(scene) };
    }),
    RATE_LIMITED: async (scene) => ({
      who: await newcomer(scene),
      input: () => ({ ...message('hello'), conversationId: unknownConversation() }),
      times: 1201,
      countedAs: 'chat_message',
    }),
  },
  updateConversation: { NOT_FOUND: about('conversationId', 'conversation', { muted: true }) },
  saveStarterPack: {
    INVALID_INPUT: owner(() => ({ title: ' ' })),
    NOT_FOUND: about('starterPackId', 'starterpack'),
    BLOCKED: owner(({ cast }) => ({ title: 'x', actorIds: [cast.blocked.actorGlobalId] })),
    FORBIDDEN: owner(({ cast }) => ({ title: 'x', actorIds: [cast.stranger.actorGlobalId] })),
    LIMIT_EXCEEDED: async (scene) => ({
      who: await newcomer(scene),
      input: () => ({ title: 'x' }),
      times: 51,
    }),
    RATE_LIMITED: async (scene) => ({
      who: await newcomer(scene),
      input: () => ({ title: 'x', actorIds: unknownActors(scene, 150) }),
      times: 3,
    }),
    IDEMPOTENCY_KEY_REUSED: twice((_scene, turn) => ({ title: `No. ${turn}` })),
  },
  importDomainRules: {
    FORBIDDEN: byDemoted(() => ({ csv: 'b.test' })),
    INVALID_INPUT: byAdmin(() => ({ csv: '' })),
  },
  setDomainBlock: {
    INVALID_INPUT: owner(() => ({ domain: 'com', blocked: true })),
    LIMIT_EXCEEDED: async (scene) => {
      const who = await newcomer(scene);
      await scene.world.services.database.rows(FILL_DOMAIN_BLOCKS, [who.actorId]);
      return { who, input: () => ({ domain: 'one.more.test', blocked: true }) };
    },
  },
  saveDomainRule: {
    FORBIDDEN: byDemoted(() => ({ domain: 'b.test', severity: 'LIMIT' })),
    INVALID_INPUT: byAdmin(() => ({ domain: 'com', severity: 'LIMIT' })),
  },
  saveDraft: {
    NOT_FOUND: about('draftId', 'draft'),
    INVALID_INPUT: owner(() => ({ common: { caption: 'x'.repeat(5_001) } })),
    MEDIA_NOT_READY: withPicture('AWAITING_UPLOAD', (id) => ({ mediaIds: [id] })),
    MEDIA_REJECTED: withPicture('REJECTED', (id) => ({ mediaIds: [id] })),
    ALREADY_EXISTS: owner(async (scene) => ({ mediaIds: [await usedPicture(scene)] })),
    LIMIT_EXCEEDED: async (scene) => ({
      who: await newcomer(scene),
      input: () => ({ common: { caption: 'x' } }),
      times: 101,
    }),
    QUOTA_EXCEEDED: withLimit('SCHEDULED_POSTS', async ({ world }, who) => ({
      mediaIds: [await readyPicture(world, who)],
      scheduledFor: addSeconds(world.clock.now(), 3_600).toISOString(),
    })),
    IDEMPOTENCY_KEY_REUSED: twice((_scene, turn) => ({ common: { caption: `No. ${turn}` } })),
  },
  saveFilter: {
    INVALID_INPUT: owner(() => ({ keywords: [{ text: ' ' }] })),
    NOT_FOUND: about('filterId', 'filter', { title: 'x' }),
    LIMIT_EXCEEDED: async (scene) => ({
      who: await newcomer(scene),
      input: () => ({ keywords: [{ text: 'x' }] }),
      times: 51,
    }),
    IDEMPOTENCY_KEY_REUSED: twice((_scene, turn) => ({ keywords: [{ text: `No. ${turn}` }] })),
  },
  saveList: {
    INVALID_INPUT: owner(() => ({ title: ' ' })),
    NOT_FOUND: about('listId', 'list'),
    LIMIT_EXCEEDED: async (scene) => ({
      who: await newcomer(scene),
      input: () => ({ title: 'x' }),
      times: 101,
    }),
    IDEMPOTENCY_KEY_REUSED: twice((_scene, turn) => ({ title: `No. ${turn}` })),
  },
  saveHighlight: {
    INVALID_INPUT: owner(() => ({ title: ' ' })),
    NOT_FOUND: about('highlightId', 'highlight'),
    LIMIT_EXCEEDED: async (scene) => ({
      who: await newcomer(scene),
      input: () => ({ title: 'x' }),
      times: 101,
    }),
    IDEMPOTENCY_KEY_REUSED: twice((_scene, turn) => ({ title: `No. ${turn}` })),
  },
  setAccountAlias: {
    NOT_FOUND: owner(() => ({ alias: { handle: fresh('nobody') }, present: true })),
    INVALID_INPUT: owner(({ cast }) => ({
      alias: { id: cast.owner.actorGlobalId },
      present: true,
    })),
    LIMIT_EXCEEDED: async (scene) => {
      const who = await newcomer(scene);
      await scene.world.services.database.rows(NAME_TEN, [who.actorId]);
      const { owner: other } = scene.cast;
      return { who, input: () => ({ alias: { id: other.actorGlobalId }, present: true }) };
    },
    RATE_LIMITED: async (scene) => ({
      who: await newcomer(scene),
      input: () => ({ alias: { handle: scene.cast.owner.username }, present: true }),
      times: 101,
    }),
  },
  setAccountRedirect: moving,
  setBlock: {
    NOT_FOUND: about('actorId', 'actor', { blocked: true }),
    INVALID_INPUT: oneself({ blocked: true }),
  },
  setBookmark: { NOT_FOUND: about('postId', 'post', { bookmarked: true }) },
  setCloseFriend: {
    NOT_FOUND: about('actorId', 'actor', { closeFriend: true }),
    INVALID_INPUT: oneself({ closeFriend: true }),
    BLOCKED: ({ cast }) => ({
      who: cast.blocked,
      input: () => ({ actorId: cast.owner.actorGlobalId, closeFriend: true }),
    }),
  },
  setCommentHidden: { NOT_FOUND: about('commentId', 'comment', { hidden: true }) },
  setCommentPinned: {
    NOT_FOUND: about('commentId', 'comment', { pinned: true }),
    INVALID_INPUT: owner(async ({ cast, world }) => {
      const postId = await publish(world, cast.owner);
      const parentId = await comment(cast.follower, postId, 'First.');
      return { commentId: await comment(cast.follower, postId, 'Answer.', parentId), pinned: true };
    }),
    LIMIT_EXCEEDED: async ({ cast, world }) => {
      const postId = await publish(world, cast.owner);
      return {
        who: cast.owner,
        input: async (turn) => ({
          commentId: await comment(cast.follower, postId, `No. ${turn}`),
          pinned: true,
        }),
        times: 4,
      };
    },
  },
  setInPlaylist: {
    NOT_FOUND: owner(async (scene) => ({
      playlistId: await ownPlaylist(scene),
      postId: await ownPost(scene),
      included: true,
    })),
    LIMIT_EXCEEDED: async (scene) => {
      const who = await newcomer(scene);
      const playlistId = await ownPlaylist({ ...scene, cast: { ...scene.cast, owner: who } });
      const { postId } = await publishVideo(scene.world, who);
      const ids = [innerId(playlistId), innerId(postId)];
      await scene.world.services.database.rows(FILL_COLLECTION, ids);
      return { who, input: () => ({ playlistId, postId, included: true }) };
    },
  },
  setInCollection: {
    NOT_FOUND: owner(async (scene) => ({
      collectionId: toGlobalId('collection', newId(scene.world.clock.now())),
      postId: await ownPost(scene),
      included: true,
    })),
    // By somebody new: the copies count as posts of the day.
    LIMIT_EXCEEDED: async (scene) => {
      const who = await newcomer(scene);
      const own = { ...scene, cast: { ...scene.cast, owner: who } };
      const [collectionId, postId] = [await ownCollection(own), await ownPost(own)];
      const ids = [innerId(collectionId), innerId(postId)];
      await scene.world.services.database.rows(FILL_COLLECTION, ids);
      return { who, input: () => ({ collectionId, postId, included: true }) };
    },
  },
  setInStarterPack: {
    NOT_FOUND: about('starterPackId', 'starterpack', {
      actorId: toGlobalId('actor', newId(new Date())),
      included: true,
    }),
    BLOCKED: owner(async (scene) => ({
      starterPackId: await ownPack(scene),
      actorId: scene.cast.blocked.actorGlobalId,
      included: true,
    })),
    FORBIDDEN: owner(async (scene) => ({
      starterPackId: await ownPack(scene),
      actorId: scene.cast.stranger.actorGlobalId,
      included: true,
    })),
    LIMIT_EXCEEDED: owner(async (scene) => {
      const starterPackId = await ownPack(scene);
      await scene.world.services.database.rows(FILL_PACK, [innerId(starterPackId)]);
      return { starterPackId, actorId: scene.cast.owner.actorGlobalId, included: true };
    }),
    RATE_LIMITED: async (scene) => {
      const who = await newcomer(scene);
      const starterPackId = await ownPack({ ...scene, cast: { ...scene.cast, owner: who } });
      return {
        who,
        input: () => ({
          starterPackId,
          actorId: unknownActors(scene, 1)[0],
          included: true,
        }),
        times: 301,
      };
    },
  },
  setMute: {
    NOT_FOUND: about('actorId', 'actor', { muted: true }),
    INVALID_INPUT: oneself({ muted: true }),
  },
  setPostArchived: { NOT_FOUND: about('postId', 'post', { archived: true }) },
  setPostPinned: {
    NOT_FOUND: about('postId', 'post', { pinned: true }),
    CONFLICT: owner(async ({ world, cast }) => ({
      postId: await publish(world, cast.owner, { visibility: 'LOCAL' }),
      pinned: true,
    })),
    LIMIT_EXCEEDED: async (scene) => ({
      who: scene.cast.owner,
      input: async () => ({ postId: await ownPost(scene), pinned: true }),
      times: 7,
    }),
  },
  setReaction: {
    NOT_FOUND: about('subjectId', 'post', { content: '❤' }),
    INVALID_INPUT: owner(async (scene) => ({ subjectId: await ownPost(scene), content: 'x' })),
  },
  setRepost: {
    NOT_FOUND: about('postId', 'post', { reposted: true }),
    FORBIDDEN: owner(async (scene) => ({ postId: await followersPost(scene), reposted: true })),
  },
  setRole: {
    FORBIDDEN: byAdmin(({ cast }) => ({ actorId: cast.owner.actorGlobalId, role: 'OWNER' })),
    NOT_FOUND: byAdmin(({ world }) => ({
      actorId: toGlobalId('actor', newId(world.clock.now())),
      role: 'CURATOR',
    })),
  },
  setTimelineMarker: {
    INVALID_INPUT: owner(() => ({ timeline: { home: true }, cursor: 'nonsense' })),
    NOT_FOUND: owner(({ world }) => ({
      timeline: { listId: toGlobalId('list', newId(world.clock.now())) },
      cursor: someCursor(),
    })),
  },
  setStarterPackRefused: {
    NOT_FOUND: about('starterPackId', 'starterpack', { refused: true }),
    INVALID_INPUT: owner(async (scene) => ({ starterPackId: await ownPack(scene), refused: true })),
  },
  setStoryReaction: {
    NOT_FOUND: about('storyId', 'story', { content: '❤' }),
    FORBIDDEN: owner(async (scene) => ({ storyId: await followersStory(scene), content: '❤' })),
    INVALID_INPUT: about('storyId', 'story', { content: 'x' }),
  },
  signIn: {
    INVALID_CREDENTIALS: nobody({ login: 'nobody_here', password: 'wrong guess' }),
    RATE_LIMITED: nobody({ login: 'nobody_there', password: 'wrong guess' }, 6),
    EMAIL_UNVERIFIED: signingInAs('AWAITING_EMAIL'),
    APPROVAL_REQUIRED: signingInAs('AWAITING_APPROVAL'),
    ACCOUNT_SUSPENDED: signingInAs('SUSPENDED'),
  },
  signOut: { FORBIDDEN: nobody(null) },
  startImport: {
    INVALID_INPUT: owner(() => ({ source: 'CSV_HASHTAGS', csv: '"' })),
    CONFLICT: async (scene) => ({
      who: await newcomer(scene),
      input: () => ({ source: 'CSV_HASHTAGS', csv: '#kites' }),
      times: 2,
    }),
    RATE_LIMITED: async (scene) => ({
      who: await newcomer(scene),
      input: () => ({ source: 'CSV_HASHTAGS', csv: '#kites' }),
      times: 31,
    }),
  },
  takeModerationAction: {
    FORBIDDEN: byAdmin(({ cast }) => ({ ...warning, targetId: cast.admin.actorGlobalId })),
    NOT_FOUND: byAdmin(({ world }) => ({
      ...warning,
      targetId: toGlobalId('actor', newId(world.clock.now())),
    })),
    INVALID_INPUT: byAdmin(({ cast }) => ({
      ...warning,
      targetId: cast.owner.actorGlobalId,
      reason: ' ',
    })),
  },
  undoEmailChange: { EXPIRED: nobody(noToken), RATE_LIMITED: nobody(noToken, 21) },
  unfollowActor: { NOT_FOUND: about('actorId', 'actor'), INVALID_INPUT: oneself() },
  updateComment: {
    NOT_FOUND: about('commentId', 'comment', { content: 'x' }),
    INVALID_INPUT: owner(async (scene) => ({
      commentId: await comment(scene.cast.owner, await ownPost(scene), 'First.'),
      content: ' ',
    })),
  },
  updateInstance: {
    FORBIDDEN: ({ cast }) => ({ who: cast.moderator, input: () => ({ name: 'x' }) }),
    INVALID_INPUT: byAdmin(() => ({ name: 'x'.repeat(81) })),
    NOT_FOUND: byAdmin(({ world }) => ({
      rules: [{ id: toGlobalId('rule', newId(world.clock.now())), text: 'Be kind.' }],
    })),
  },
  retryMedia: {
    NOT_FOUND: about('mediaId', 'media'),
    CONFLICT: withVideo('READY', (mediaId) => ({ mediaId })),
    LIMIT_EXCEEDED: owner(async (scene) => ({ mediaId: await failedFile(scene, 5) })),
  },
  setVideoPoster: {
    NOT_FOUND: about('mediaId', 'media', { posterAtMs: 0 }),
    INVALID_INPUT: withVideo('READY', (mediaId) => ({ mediaId, posterAtMs: 2_501 })),
    MEDIA_NOT_READY: withVideo('PROCESSING', (mediaId) => ({ mediaId, posterAtMs: 0 })),
    MEDIA_REJECTED: withVideo('REJECTED', (mediaId) => ({ mediaId, posterAtMs: 0 })),
    RATE_LIMITED: async (scene) => {
      const who = await newcomer(scene);
      const mediaId = await readyVideo(scene.world, who);
      return { who, input: () => ({ mediaId, posterAtMs: 0 }), times: 61 };
    },
  },
  updateMedia: {
    NOT_FOUND: about('mediaId', 'media', { altText: 'x' }),
    INVALID_INPUT: withPicture('READY', (mediaId) => ({ mediaId, focalX: 2 })),
  },
  updateNotificationSettings: {},
  updatePost: {
    FORBIDDEN: owner(async (scene) => {
      const { postId, mediaId } = await postAndPicture(scene);
      return { postId, tags: [{ ...middle, mediaId, actorId: await untaggable(scene) }] };
    }),
    LIMIT_EXCEEDED: owner(async (scene) => {
      const { postId, mediaId } = await postAndPicture(scene);
      return { postId, tags: crowdOn(mediaId) };
    }),
    NOT_FOUND: about('postId', 'post', { caption: 'x' }),
    INVALID_INPUT: owner(async (scene) => ({ postId: await ownPost(scene), mediaIds: [] })),
    MEDIA_NOT_READY: withPicture('PROCESSING', async (id, scene) => ({
      postId: await ownPost(scene),
      mediaIds: [id],
    })),
    MEDIA_REJECTED: withPicture('REJECTED', async (id, scene) => ({
      postId: await ownPost(scene),
      mediaIds: [id],
    })),
    ALREADY_EXISTS: owner(async (scene) => ({
      postId: await ownPost(scene),
      mediaIds: [await usedPicture(scene)],
    })),
  },
  updateProfile: {
    INVALID_INPUT: owner(() => ({ displayName: 'x'.repeat(51) })),
    NOT_FOUND: about('avatarMediaId', 'media'),
    MEDIA_NOT_READY: owner(async (scene) => ({ avatarMediaId: await avatar(scene, 'PROCESSING') })),
    MEDIA_REJECTED: owner(async (scene) => ({ avatarMediaId: await avatar(scene, 'REJECTED') })),
    // In use by an update at the same moment.
    ALREADY_EXISTS: owner(async (scene) => {
      const avatarMediaId = await avatar(scene, 'READY');
      const { services, clock } = scene.world;
      await services.database.transaction((tx) =>
        attachMedia(tx, clock.now(), {
          mediaIds: [innerId(avatarMediaId) as MediaId],
          ownerId: scene.cast.owner.actorId,
          purpose: 'AVATAR',
          access: 'PUBLIC',
          pathOf: () => [],
        }),
      );
      return { avatarMediaId };
    }),
  },
  updateRetention: { INVALID_INPUT: owner(() => ({ postDays: 1 })) },
  updateSettings: { INVALID_INPUT: owner(() => ({ timezone: 'Nowhere/Land' })) },
  updateSound: {
    NOT_FOUND: about('soundId', 'sound'),
    INVALID_INPUT: owner(async (scene) => ({
      soundId: (await ownSound(scene)).soundId,
      title: 'x'.repeat(101),
    })),
  },
  useStarterPack: {
    NOT_FOUND: about('starterPackId', 'starterpack'),
    INVALID_INPUT: owner(async (scene) => ({
      starterPackId: await ownPack(scene),
      exceptActorIds: unknownActors(scene, 151),
    })),
    RATE_LIMITED: async (scene) => {
      const starterPackId = await ownPack(scene);
      return { who: await newcomer(scene), input: () => ({ starterPackId }), times: 11 };
    },
  },
  verifyEmail: { EXPIRED: nobody(noToken), RATE_LIMITED: nobody(noToken, 21) },
};

const REJECT_MEDIA = statement(
  'test.reject_media',
  `update media set state = 'REJECTED' where id = $1`,
);
const MAKE_OWNER = statement('test.make_owner', `update accounts set role = 'OWNER' where id = $1`);
const FINISH_EXPORTS = statement(
  'test.error_table.finish_exports',
  `update data_exports set state = 'SUCCEEDED', size_bytes = 1, expires_at = created_at + interval '1 day'`,
);
const DEPOSE_OWNERS = statement(
  'test.depose_owners',
  `update accounts set role = 'USER' where role = 'OWNER'`,
);
const FORGET_PROOF = statement(
  'test.forget_proof',
  'update sessions set authenticated_at = null where account_id = $1',
);
const NAME_TEN = statement(
  'test.name_ten',
  `update actors set also_known_as = array(select 'https://other.example/' || n from generate_series(1, 10) n) where id = $1`,
);
const MOVE_AWAY = statement('test.move_away', `update actors set status = 'MOVED' where id = $1`);
const SET_ROLE = statement('test.demote', `update accounts set role = 'USER' where id = $1`);
const SET_STATE = statement('test.set_state', 'update accounts set state = $2 where id = $1');
const FOLLOW_HASHTAGS = statement(
  'test.follow_hashtags',
  `with known as (insert into hashtags (id, name, display_name, created_at)
     select gen_random_uuid(), 'crowded' || n, 'crowded' || n, now() from generate_series(1, 500) n returning id)
   insert into followed_hashtags (follower_id, hashtag_id, id, display_name, followed_at)
   select $1, id, gen_random_uuid(), '', now() from known`,
);
const FILL_EMOJIS = statement(
  'test.fill_emojis',
  `insert into emojis (id, shortcode, media_id, created_at, updated_at)
   select gen_random_uuid(), 'crowded' || n, $1::uuid, now(), now() from generate_series(1, 5000) n`,
);
const FILL_TRACKS = statement(
  'test.fill_tracks',
  `insert into caption_tracks (media_id, kind, language, is_automatic, rendition_name, created_at, updated_at)
   select $1::uuid, 'SUBTITLES', 'x-' || n, false, 'track-' || n, now(), now() from generate_series(1, 50) n`,
);
const USE_MEDIA = statement('test.use_media', 'update media set attached_at = now() where id = $1');
const FILL_PACK = statement(
  'test.error_table.fill_pack',
  `with made as (
     insert into actors (id, username, uri, url, status, is_discoverable, joined_at, updated_at)
     select gen_random_uuid(), 'filler_' || n, 'https://x.example/' || n, 'https://x.example/' || n, 'ACTIVE', true, now(), now()
     from generate_series(1, 150) n returning id
   ) insert into starter_pack_members (pack_id, actor_id, position, added_at)
     select $1, id, row_number() over (), now() from made`,
);
/** Ids of people who are not there. */
function unknownActors({ world }: Scene, count: number): string[] {
  return Array.from({ length: count }, () => toGlobalId('actor', newId(world.clock.now())));
}
const FILL_COLLECTION = statement(
  'test.fill_collection',
  `with copies as (
     insert into posts select (jsonb_populate_record(p, jsonb_build_object(
       'id', gen_random_uuid(), 'uri', gen_random_uuid(), 'url', gen_random_uuid()))).*
     from posts p, generate_series(1, 500) where p.id = $2::uuid returning id
   ) insert into collection_items (collection_id, post_id, position)
   select $1::uuid, id, row_number() over () from copies`,
);

async function draftOf(who: Person, input: object): Promise<string> {
  const answer = await who.graphql<{ saveDraft: { draft: { id: string } | null } }>(
    'mutation ($input: SaveDraftInput!) { saveDraft(input: $input) { draft { id } } }',
    { input },
  );
  return answer.data.saveDraft.draft!.id;
}

function noEmoji({ world }: Scene): object {
  return { emojiId: toGlobalId('emoji', newId(world.clock.now())) };
}

function emojiPicture({ world, cast }: Scene, state: Media['state']): Promise<string> {
  return readyPicture(world, cast.admin, { purpose: 'EMOJI', state });
}

function ownPost({ world, cast }: Scene): Promise<string> {
  return publish(world, cast.owner);
}

/** A duet of a clip of somebody with a public video of the owner. */
async function duetOf(
  { world, cast }: Scene,
  who: Person,
  state: Media['state'] = 'READY',
): Promise<object> {
  const { postId } = await publishVideo(world, cast.owner);
  return { clipId: await readyVideo(world, who, { state }), remix: { duet: { postId } } };
}

async function usedPicture({ world, cast }: Scene): Promise<string> {
  const id = await readyPicture(world, cast.owner);
  await done(cast.owner, 'publishPhotoPost', { mediaIds: [id], common });
  return id;
}

async function postAndPicture({
  world,
  cast,
}: Scene): Promise<{ postId: string; mediaId: string }> {
  const mediaId = await readyPicture(world, cast.owner);
  const { post } = await sendPost(cast.owner, { mediaIds: [mediaId] });
  return { postId: post!.id, mediaId };
}

/** Somebody who lets nobody tag them. */
async function untaggable(scene: Scene): Promise<string> {
  const person = await newcomer(scene);
  await done(person, 'updateSettings', { allowTagsFrom: 'NOBODY' });
  return person.actorGlobalId;
}

/** One tag more than a picture takes. */
function crowdOn(mediaId: string): object[] {
  const someone = (): string => toGlobalId('actor', newId(new Date()));
  return Array.from({ length: 21 }, () => ({ ...middle, mediaId, actorId: someone() }));
}

function avatar({ world, cast }: Scene, state: Media['state']): Promise<string> {
  return readyPicture(world, cast.owner, { state, purpose: 'AVATAR' });
}

function storyPicture(
  { world }: Scene,
  who: Person,
  state: Media['state'] = 'READY',
): Promise<string> {
  return readyPicture(world, who, { state, purpose: 'STORY' });
}

function withStoryPicture(state: Media['state'], input: (id: string) => object): Provoke {
  return owner(async (scene) => input(await storyPicture(scene, scene.cast.owner, state)));
}

/** With a question on it. */
function publicStory({ world, cast }: Scene): Promise<string> {
  const stickers = [{ x: 0.5, y: 0.5, content: { question: 'How are you?' } }];
  return tell(world, cast.owner, { visibility: 'PUBLIC', stickers });
}

function unknownStory(): string {
  return toGlobalId('story', newId(new Date()));
}

function upload(changes: object = {}): object {
  const file = { purpose: 'POST', fileName: 'a.jpg', mimeType: 'image/jpeg', sizeBytes: '10' };
  return { ...file, ...changes };
}

function byAdmin(input: (scene: Scene) => object): Provoke {
  return (scene) => ({ who: scene.cast.admin, input: () => input(scene) });
}

/** By somebody who keeps the scopes of a role that was taken away. */
function byDemoted(input: (scene: Scene) => object): Provoke {
  return async (scene) => {
    const who = await scene.world.moderator(fresh('mod'));
    await scene.world.services.database.rows(SET_ROLE, [who.accountId]);
    return { who, input: () => input(scene) };
  };
}

/** By somebody who may do it no times. */
function withLimit(
  key: EntitlementKey,
  input: (scene: Scene, who: Person) => Promise<object> | object,
): Provoke {
  return async (scene) => {
    const who = await newcomer(scene);
    const grant = { accountId: who.accountId, key, value: 0n, source: 'test', expiresAt: null };
    await grantEntitlement(scene.world.services, grant);
    return { who, input: () => input(scene, who) };
  };
}

function signingInAs(state: string): Provoke {
  return async (scene) => {
    const who = await newcomer(scene);
    await scene.world.services.database.rows(SET_STATE, [who.accountId, state]);
    const input = { login: who.username, password: WORLD_PASSWORD };
    return { who: null, input: () => input };
  };
}

/** A registration while the server is in that mode; afterwards it is open again. */
function inMode(registrationMode: string, changes: object): Provoke {
  return async ({ cast }) => {
    await done(cast.admin, 'updateInstance', { registrationMode });
    return { who: null, input: () => ({ ...another(), ...changes }) };
  };
}
