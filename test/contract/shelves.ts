// A world in which every list has at least twenty items.
import { randomUUID } from 'node:crypto';
import { updateInstance } from '../../src/accounts/update-instance.js';
import { updateSettings } from '../../src/accounts/update-settings.js';
import { fileReport } from '../../src/moderation/file-report.js';
import type { DomainRuleDraft } from '../../src/actors/domain-rule.js';
import { saveDomainRule } from '../../src/moderation/save-domain-rule.js';
import { takeModerationAction } from '../../src/moderation/take-moderation-action.js';
import { createInvite } from '../../src/accounts/create-invite.js';
import { followActor } from '../../src/actors/follow-actor.js';
import { setBlock } from '../../src/actors/set-block.js';
import { setMute } from '../../src/actors/set-mute.js';
import { publishPhotoPost } from '../../src/photos/publish-photo-post.js';
import { addComment } from '../../src/posts/add-comment.js';
import type { Holds } from '../../src/collections/collection.entity.js';
import { saveCollection } from '../../src/collections/save-collection.js';
import { findActors } from '../../src/actors/actor.queries.js';
import { groups, type GroupShelves } from './group-shelves.js';
import type { ChatDeviceId } from '../../src/devices/device.js';
import { registerChatDevice } from '../../src/devices/register-chat-device.js';
import { revokeChatDevice } from '../../src/devices/revoke-chat-device.js';
import { createConversation } from '../../src/chat/create-conversation.js';
import { sendChatMessage } from '../../src/chat/send-chat-message.js';
import { saveStarterPack } from '../../src/starterpacks/save-starter-pack.js';
import { startEmojiImport } from '../../src/emojis/start-emoji-import.js';
import type { PlaceId } from '../../src/places/place.js';
import { setPostArchived } from '../../src/posts/set-post-archived.js';
import { setPostPinned } from '../../src/posts/set-post-pinned.js';
import { saveBookmarkFolder } from '../../src/posts/save-bookmark-folder.js';
import { setBookmark } from '../../src/posts/set-bookmark.js';
import { setCommentPinned } from '../../src/posts/set-comment-pinned.js';
import { setRepost } from '../../src/posts/set-repost.js';
import { setReaction } from '../../src/posts/set-reaction.js';
import { setCloseFriend } from '../../src/actors/set-close-friend.js';
import { answerStory, answerStorySticker } from '../../src/stories/answer-story.js';
import { setStoryReaction } from '../../src/stories/set-story-reaction.js';
import { blankSticker, type StickerContent } from '../../src/stories/sticker.js';
import type { StoryId } from '../../src/stories/story.entity.js';
import { saveHighlight } from '../../src/stories/save-highlight.js';
import { startImport } from '../../src/portability/start-import.js';
import { requestExport } from '../../src/portability/request-export.js';
import { markStoriesSeen } from '../../src/stories/mark-stories-seen.js';
import { publishStory } from '../../src/stories/publish-story.js';
import { saveDraft } from '../../src/posts/save-draft.js';
import { registerPushTarget } from '../../src/notifications/register-push-target.js';
import { saveFilter } from '../../src/filters/save-filter.js';
import { setHiddenInFeeds } from '../../src/feeds/give-feed-feedback.js';
import { updateFeedPreferences } from '../../src/feeds/update-feed-preferences.js';
import { followHashtag } from '../../src/timelines/follow-hashtag.js';
import { saveActorList } from '../../src/timelines/save-actor-list.js';
import { addSeconds } from '../../src/platform/clock.js';
import { makePushClient } from '../support/push-service.js';
import { updatePost } from '../../src/posts/update-post.js';
import { updateProfile } from '../../src/actors/update-profile.js';
import type { CommentId, PostId } from '../../src/posts/post.entity.js';
import type { MediaId } from '../../src/media/media.entity.js';
import type { ActorId } from '../../src/actors/actor.entity.js';
import { statement } from '../../src/platform/db/database.js';
import type { CommandContext } from '../../src/platform/context.js';
import { toGlobalId } from '../../src/platform/ids.js';
import { addHistory } from '../support/playback.js';
import { innerId, readyPicture } from '../support/posts.js';
import { publishVideo } from '../support/videos.js';
import { addRemixes, addSound } from '../support/sounds.js';
import {
  fromFreshAddress,
  startWorld,
  WORLD_PASSWORD,
  type Person,
  type World,
} from '../support/world.js';
import { newCrowd, type Extra } from './crowd.js';
import { newDeviceOf } from '../support/chat-devices.js';
import { newKey } from '../support/key-packages.js';
import { makeEmoji } from '../support/emojis.js';
import { addPlaces } from './places.js';

/** Who and what to ask for. Ids are those that clients have. */
export interface Shelves extends AsyncDisposable, GroupShelves {
  /** Follows everybody, and so has a hundred posts at home. */
  readonly reader: Person;
  /** Has twenty followers, follows twenty, and wrote twenty posts of which each has everything once. */
  readonly star: Person;
  /** Is asked by twenty. */
  readonly shy: Person;
  /** Blocks twenty and mutes twenty. */
  readonly grim: Person;
  /** Made twenty invites, and sees twenty who wait. */
  readonly staff: Person;
  /** Actor of the crowd with one pinned post. */
  readonly onePin: string;
  /** Tells that one reposted, and that twenty did. */
  readonly smallNotification: string;
  readonly bigNotification: string;
  /** Of the crowd, in twenty pictures of the star. */
  readonly tagged: string;
  /** Somebody with the role ADMIN; the record of the staff has twenty entries and more. */
  readonly admin: Person;
  /** Accounts on which the staff acted once, and twenty times. */
  readonly oneStrike: string;
  readonly manyStrikes: string;
  /** Has one session and one token. */
  readonly oneOfEach: Person;
  /** Have one picture, and twenty. */
  readonly smallDraft: string;
  readonly bigDraft: string;
  /** Of the staff; twenty of the crowd came by it. */
  readonly invite: string;
  /** Of manyOfEach, with twenty lines. */
  readonly bigImport: string;
  /** Has twenty of each, twenty posts that are put away, and twenty who ask to be heard. */
  readonly manyOfEach: Person;
  /** Posts of the star. */
  readonly posts: readonly string[];
  /** Has one of everything. */
  readonly smallPost: string;
  /** Has twenty pictures, hashtags, mentions, comments, likes and revisions. */
  readonly bigPost: string;
  /** Has reactions of twenty kinds. */
  readonly variedPost: string;
  readonly smallComment: string;
  /** Has twenty answers. */
  readonly bigComment: string;
  readonly variedComment: string;
  /** Has twenty posts. */
  readonly collection: string;
  /** With the clip last in it. */
  readonly playlist: string;
  /** Is heard in twenty posts. */
  readonly sound: string;
  /** A video of the star of which twenty posts are made. */
  readonly remixed: string;
  /** Of the star, with one hashtag, and with twenty and twenty people. */
  readonly smallPack: string;
  readonly bigPack: string;
  /** Of manyOfEach: with one other and twenty messages, and with nine others. */
  readonly smallConversation: string;
  readonly bigConversation: string;
  /** Of manyOfEach, with twenty members. */
  readonly actorList: string;
  /** Actors of the crowd that are in one list of manyOfEach, and in twenty. */
  readonly oneList: string;
  readonly manyLists: string;
  /** Every post of the star was made there. */
  readonly place: string;
  readonly smallRevision: string;
  /** Of the crowd, with one story. */
  readonly oneStory: string;
  /** Of the star: twenty are mentioned, have seen it, voted, reacted and answered. */
  readonly seenStory: string;
  /** Of the star, with one mention on a sticker, and with ten. */
  readonly smallStory: string;
  /** Of the star, with twenty stories. */
  readonly highlight: string;
  readonly bigStory: string;
  /** Of the star: one emoji in the caption, on a sticker and in an answer, and twenty. */
  readonly oneEmoji: { readonly story: string; readonly answer: string };
  readonly manyEmoji: { readonly story: string; readonly answer: string };
  readonly bigRevision: string;
}

const SIZE = 20;
const EMOJI = [...'😀😁😂😃😄😅😆😇😈😉😊😋😌😍😎😏😐😑😒😓'];
/** Twenty custom emoji. */
const KITES = Array.from({ length: SIZE }, (_, index) => `:kite_${index}:`).join(' ');
const EACH = Array.from({ length: SIZE }, (_, index) => index);

/** Starts a server and fills it. */
export async function fillShelves(): Promise<Shelves> {
  const world = await startWorld({
    GRAPHQL_MAX_COST: '1000000',
    GRAPHQL_MAX_NODES: '1000000',
    GRAPHQL_POINTS_PER_HOUR: '1000000000',
  });
  const crowd = await newCrowd(world, 'crowd', SIZE);
  const [reader, star, shy, grim] = [
    await world.local('reader'),
    await world.local('star'),
    await world.local('shy'),
    await world.local('grim'),
  ];
  await relate(world, { reader, star, shy, grim }, crowd);
  for (const index of EACH) await makeEmoji(world, await world.moderator(), `kite_${index}`);
  // What is kept until it changes is asked for once before anything is counted.
  await world.graphql('{ instance { customEmoji(first: 1) { nodes { id } } } }');
  const onesAndMany = await accounts(world, crowd);
  for (const { context } of crowd) {
    await updateSettings(context, { reviewTags: false });
    await updateProfile(context, { isDiscoverable: true });
  }
  const crowdPosts: PostId[] = [];
  for (const author of crowd)
    for (let count = 0; count < 4; count++)
      crowdPosts.push(
        await post(world, author, {
          caption: 'By the crowd.',
          people: count === 0 ? [onesAndMany.manyOfEach] : [],
        }),
      );
  const context = await star.context();
  const avatarMediaId = innerId(await readyPicture(world, star, { purpose: 'AVATAR' })) as MediaId;
  await updateProfile(context, { avatarMediaId, isDiscoverable: true, bio: KITES });
  await updateProfile(crowd[0]!.context, { displayName: ':kite_0:' });
  const author = { ...star, context };
  const [placeId] = await addPlaces(world, 'Kite Bay', SIZE);
  // Before the posts that have everything: these are the newest, and asked for alone.
  const clip = await publishVideo(world, star);
  const varied = await variety(world, author, crowd);
  const big = await bigPost(world, author, crowd);
  const posts: string[] = [];
  for (let count = 0; count < SIZE; count++)
    posts.push((await smallPost(world, author, crowd, placeId)).post);
  const collection = await collect(author, posts);
  const playlist = await line(world, author, clip.postId, posts);
  const packs = await pack(world, author, crowd, onesAndMany.manyOfEach);
  for (const person of crowd) {
    await collect(person, [], 1);
    await collect(person, [], 1, 'VIDEOS');
  }
  for (const postId of crowdPosts) await repost(author, postId);
  const small = await smallPost(world, author, crowd, placeId);
  await quoteAndPin(world, author, crowd, [small, big]);
  await bookmark(onesAndMany, posts, big.post);
  await addHistory(world, onesAndMany.manyOfEach, posts);
  const actorList = await arrange(onesAndMany, crowd);
  await setPostPinned(crowd[0]!.context, { postId: crowdPosts[0]!, pinned: true });
  for (const id of posts.slice(0, 6))
    await setPostPinned(context, { postId: innerId(id) as PostId, pinned: true });
  await chatDevices(context, SIZE);
  await chatDevices(crowd[0]!.context, 1);
  const talks = await chat(onesAndMany.manyOfEach, author, crowd);
  const manyContext = await onesAndMany.manyOfEach.context();
  const crowdIds = crowd.map(({ actorId }) => actorId);
  const talkDevice = await chatDevices(manyContext, 1);
  const encrypted = await groups(manyContext, talkDevice, crowdIds, star.actorId);
  const told = await stories(world, author, crowd);
  await endedStories(world, onesAndMany.manyOfEach);
  await trend(world, await world.admin());
  await furnishFeeds(world, onesAndMany.manyOfEach, crowd, {
    small: small.post,
    posts,
  });
  await showInComment(world, star, small.comment, 1);
  await showInComment(world, star, big.comment, 4);
  await world.services.database.rows(DELIVER, [innerId(big.post), star.actorId]);
  await world.services.database.rows(CUT_OFF, []);
  await world.services.database.rows(MEET_SERVERS, []);
  await world.settle();
  return {
    reader,
    ...told,
    oneStory: crowd[0]!.actorGlobalId,
    star,
    shy,
    grim,
    posts,
    collection,
    playlist,
    sound: await addSound(world, posts),
    remixed: await addRemixes(world, clip.postId, posts),
    ...packs,
    ...talks,
    ...encrypted,
    actorList,
    oneList: crowd[1]!.actorGlobalId,
    manyLists: crowd[0]!.actorGlobalId,
    place: toGlobalId('place', placeId!),
    ...(await staff(world, crowd, star)),
    tagged: crowd[0]!.actorGlobalId,
    ...onesAndMany,
    ...(await notifications(star)),
    onePin: crowd[0]!.actorGlobalId,
    smallPost: small.post,
    smallComment: small.comment,
    smallRevision: await newestRevision(world, small.post),
    bigPost: big.post,
    bigComment: big.comment,
    bigRevision: await newestRevision(world, big.post),
    variedPost: varied.post,
    variedComment: varied.comment,
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

/** Pictures come in comments of other servers only: those of somebody here stand for them. */
async function showInComment(
  world: World,
  person: Person,
  comment: string,
  pictures: number,
): Promise<void> {
  const mediaIds: string[] = [];
  while (mediaIds.length < pictures) mediaIds.push(innerId(await readyPicture(world, person)));
  await world.services.database.rows(SHOW_IN_COMMENT, [innerId(comment), mediaIds]);
}

const SHOW_IN_COMMENT = statement(
  'test.show_in_comment',
  `with from_afar as (update posts set is_local = false where id = $1)
   insert into post_media (post_id, media_id, position)
   select $1::uuid, media_id, place - 1 from unnest($2::uuid[]) with ordinality shown (media_id, place)`,
);
const DELIVER = statement(
  'test.deliver',
  `with sent as (insert into sent_activities (id, uri, actor_id, subject_id, body, created_at, is_lasting)
     select gen_random_uuid(), uri || '/activity', $2, id, '{}', now(), true from posts where id = $1 returning id, position)
   insert into deliveries (activity_id, inbox_url, host, position, state, next_attempt_at, last_failure)
   select id, 'https://far' || n || '.test/inbox', 'far' || n || '.test', position, 'FAILED', now(), 'Status 503.'
   from sent, generate_series(1, ${SIZE}) n`,
);
const CUT_OFF = statement(
  'test.shelves.cut_off',
  `insert into unreachable_hosts (id, host, attempts, next_attempt_at, since)
   select gen_random_uuid(), 'far' || n || '.test', 1, now(), now() from generate_series(1, ${SIZE}) n`,
);
const MEET_SERVERS = statement(
  'test.meet_servers',
  `insert into remote_instances (id, host) select gen_random_uuid(), 'far' || n || '.test' from generate_series(1, ${SIZE}) n`,
);
const TREND_HASHTAGS = statement(
  'test.trend_hashtags',
  `insert into trending_hashtags (hashtag_id, score, uses, people, history, computed_at)
   select id, 1, 2, 2, '[{"day": 0, "uses": 2, "people": 2}]', now() from hashtags`,
);
const TREND_POSTS = statement(
  'test.trend_posts',
  `insert into trending_posts (post_id, score, reactions, comments, reposts, computed_at)
   select id, 1, 1, 1, 0, now() from posts where kind <> 'comment' and visibility = 'PUBLIC' and archived_at is null`,
);

/** Every hashtag and every post trends, reviewed or not. */
async function trend({ services: { database } }: World, admin: Person): Promise<void> {
  await updateInstance(await admin.context(), { autoApproveTrends: true });
  await database.rows(TREND_HASHTAGS);
  await database.rows(TREND_POSTS);
}

// Of each of the crowd one post is where a sound was first heard, and another one, of the next of them, has it too.
const TREND_SOUNDS = statement(
  'test.trend_sounds',
  `with mine as (select id, author_id, row_number() over (partition by author_id order by id) as n, dense_rank() over (order by author_id) as who
     from posts where author_id = any($1::uuid[]) and kind = 'photo' and visibility = 'PUBLIC'),
   made as (insert into sounds (id, origin_id, title, duration_ms, created_at)
     select gen_random_uuid(), id, 'Sound ' || who, 1000, now() from mine where n = 1 returning id, origin_id)
   insert into sound_uses (post_id, sound_id, source)
   select heard.id, made.id, 'OWN' from made join mine origin on origin.id = made.origin_id
     join mine heard on heard.n = 1 and heard.who = origin.who or heard.n = 2 and heard.who = 1 + origin.who % $2::int`,
);
const SPEAK = statement('test.speak', 'update posts set language = $2 where id = any($1::uuid[])');

/** One post and twenty in languages of their own; somebody hides twenty people and has twenty interests. */
async function furnishFeeds(
  { services: { database } }: World,
  person: Person,
  crowd: readonly Extra[],
  { small, posts }: { small: string; posts: readonly string[] },
): Promise<void> {
  await database.rows(SPEAK, [[innerId(small)], 'se']);
  await database.rows(SPEAK, [posts.map(innerId), 'fo']);
  const context = await person.context();
  await database.rows(TREND_SOUNDS, [crowd.map(({ actorId }) => actorId), crowd.length]);
  for (const { actorId } of crowd)
    await setHiddenInFeeds(context, { authorId: actorId, isHidden: true });
  await updateFeedPreferences(context, { profilingEnabled: true });
  // What is counted once for everybody is asked for before statements are counted.
  await person.graphql('{ trends { sounds { uses } } }');
}

/** Twenty quote the big post; of its comments three are pinned, of the small one's the only one. */
async function quoteAndPin(
  world: World,
  star: Author,
  crowd: readonly Extra[],
  posts: readonly { readonly post: string }[],
): Promise<void> {
  const quotedPostId = innerId(posts.at(-1)!.post) as PostId;
  for (const person of crowd) await post(world, person, { caption: 'Look.', quotedPostId });
  for (const { post: id } of posts) {
    const answer = await world.graphql<{ post: { comments: { nodes: { id: string }[] } } }>(
      'query ($id: ID!) { post(by: { id: $id }) { comments(first: 3) { nodes { id } } } }',
      { id },
    );
    for (const { id: commentId } of answer.data.post.comments.nodes)
      await setCommentPinned(star.context, {
        commentId: innerId(commentId) as CommentId,
        isPinned: true,
      });
  }
}

/** One has a folder, the other twenty folders, twenty bookmarks and twenty likes. */
async function bookmark(
  { oneOfEach, manyOfEach }: Pick<Shelves, 'oneOfEach' | 'manyOfEach'>,
  posts: readonly string[],
  bigPost: string,
): Promise<void> {
  await saveBookmarkFolder(await oneOfEach.context(), { folderId: null, title: 'Only' });
  const context = await manyOfEach.context();
  for (const index of EACH)
    await saveBookmarkFolder(context, { folderId: null, title: `No. ${index}` });
  // Its hashtags are interests.
  await setBookmark(context, { postId: innerId(bigPost) as PostId, isBookmarked: true });
  for (const id of posts) {
    const postId = innerId(id) as PostId;
    await setBookmark(context, { postId, isBookmarked: true });
    await setReaction(context, { subjectId: postId, content: '❤' });
  }
}

/** One has a list and a filter; the other has twenty of each, a list with twenty members, and follows twenty hashtags. */
async function arrange(
  { oneOfEach, manyOfEach }: Pick<Shelves, 'oneOfEach' | 'manyOfEach'>,
  crowd: readonly Extra[],
): Promise<string> {
  const [first, ...others] = crowd.map(({ actorId }) => actorId);
  const made = { listId: null, addActorIds: [first!] };
  await saveActorList(await oneOfEach.context(), { ...made, title: 'Only' });
  await saveFilter(await oneOfEach.context(), warnOf('storm'));
  const context = await manyOfEach.context();
  for (const index of EACH) {
    await followHashtag(context, { name: `tag${index}`, isFollowing: true });
    await saveFilter(context, warnOf(`tag${index}`, ...(index === 0 ? ['kites', 'fine'] : [])));
    if (index > 0) await saveActorList(context, { ...made, title: `No. ${index}` });
  }
  const listId = await saveActorList(context, { ...made, title: 'Long' });
  await saveActorList(context, { listId, addActorIds: others });
  return toGlobalId('list', listId);
}

function warnOf(...texts: string[]) {
  const keywords = texts.map((text) => ({ text, isWholeWord: true }));
  return { filterId: null, keywords, action: 'WARN' as const };
}

async function relate(
  world: World,
  people: Record<'reader' | 'star' | 'shy' | 'grim', Person>,
  crowd: readonly Extra[],
): Promise<void> {
  const choices = { notifiesOnPost: false, showsReposts: true };
  const follow = (context: CommandContext, actorId: ActorId): Promise<void> =>
    followActor(context, { actorId, ...choices });
  const [reader, star, shy, grim] = await Promise.all(
    [people.reader, people.star, people.shy, people.grim].map((person) => person.context()),
  );
  await updateProfile(shy!, { isLocked: true });
  await follow(reader!, people.star.actorId);
  for (const { context, actorId } of crowd) {
    await follow(reader!, actorId);
    await follow(context, people.star.actorId);
    await follow(star!, actorId);
    await follow(context, people.shy.actorId);
    await setMute(grim!, { actorId, muted: true, durationSeconds: null, notifications: true });
    await setBlock(grim!, { actorId, blocked: true });
  }
  await world.settle();
}

type Author = Pick<Extra, 'actorId' | 'context'>;

async function pictures(world: World, author: Author, count: number): Promise<MediaId[]> {
  const ids: MediaId[] = [];
  while (ids.length < count) ids.push(innerId(await readyPicture(world, author)) as MediaId);
  return ids;
}

async function post(
  world: World,
  author: Author,
  draft: {
    caption: string;
    quotedPostId?: PostId;
    pictures?: number;
    placeId?: PlaceId;
    /** On the first picture. */
    people?: readonly Pick<Person, 'actorId'>[];
  },
): Promise<PostId> {
  const mediaIds = await pictures(world, author, draft.pictures ?? 1);
  return publishPhotoPost(author.context, {
    mediaIds,
    tags: tagsOn(mediaIds, draft.people ?? []),
    caption: draft.caption,
    language: null,
    visibility: 'PUBLIC',
    commentPolicy: 'EVERYONE',
    contentWarning: null,
    isSensitive: null,
    aiDisclosure: 'NONE',
    license: null,
    placeId: draft.placeId ?? null,
    quotePolicy: null,
    quotedPostId: draft.quotedPostId ?? null,
  });
}

function tagsOn(mediaIds: readonly MediaId[], people: readonly Pick<Person, 'actorId'>[]) {
  return people.map(({ actorId }) => ({ mediaId: mediaIds[0]!, actorId, x: 0.5, y: 0.5 }));
}

function say(
  { context }: Author,
  postId: PostId,
  parentId: CommentId | null = null,
  content = 'Fine.',
): Promise<CommentId> {
  return addComment(context, { postId, parentId, content, language: null });
}

function repost({ context }: Author, postId: PostId): Promise<void> {
  return setRepost(context, { postId, isReposted: true });
}

/** Makes collections with the same posts; answers the last one. */
async function collect(
  { context }: Author,
  posts: readonly string[],
  count = SIZE,
  holds: Holds = 'POSTS',
): Promise<string> {
  const postIds = posts.map((id) => innerId(id) as PostId);
  const made: string[] = [];
  while (made.length < count)
    made.push(
      await saveCollection(context, {
        collectionId: null,
        holds,
        title: 'Journey',
        postIds,
      }),
    );
  return toGlobalId(holds === 'POSTS' ? 'collection' : 'playlist', made.at(-1)!);
}

// What a playlist shows costs the same whatever its posts are, and photos are there already.
const LENGTHEN = statement(
  'test.lengthen_playlist',
  `with moved as (update collection_items set position = 100 where collection_id = $1)
   insert into collection_items (collection_id, post_id, position)
   select $1, id, place from unnest($2::uuid[]) with ordinality as t(id, place)`,
);

/** Makes playlists with the clip; answers the last one, in which the posts come before it. */
async function line(
  { services }: World,
  author: Author,
  clip: string,
  posts: readonly string[],
): Promise<string> {
  const playlist = await collect(author, [clip], SIZE, 'VIDEOS');
  await services.database.rows(LENGTHEN, [innerId(playlist), posts.slice(1).map(innerId)]);
  return playlist;
}

/** Twenty starter packs of the star with the same person in each, and one of everybody in the crowd. */
async function pack(
  world: World,
  { context, actorId: starId }: Author,
  crowd: readonly Extra[],
  many: Person,
): Promise<Pick<Shelves, 'smallPack' | 'bigPack'>> {
  const few = crowd.slice(0, 3).map(({ actorId }) => actorId);
  const make = (by: CommandContext, actorIds: readonly ActorId[], hashtags: readonly string[]) =>
    saveStarterPack(by, { packId: null, title: 'Kites', actorIds, hashtags });
  const avatarMediaId = innerId(await readyPicture(world, many, { purpose: 'AVATAR' })) as MediaId;
  await updateProfile(await many.context(), { avatarMediaId, isDiscoverable: true });
  for (const person of crowd) await make(person.context, [many.actorId, starId], []);
  let smallPack = '';
  for (const _ of EACH.slice(1)) smallPack = await make(context, [many.actorId, ...few], ['kites']);
  const everybody = crowd.map(({ actorId }) => actorId);
  const tags = EACH.map((index) => `tag${index}`);
  const bigPack = await make(context, [many.actorId, ...everybody], tags);
  return {
    smallPack: toGlobalId('starterpack', smallPack),
    bigPack: toGlobalId('starterpack', bigPack),
  };
}

/** So many devices, of which six are valid. */
async function chatDevices(context: CommandContext, count: number): Promise<ChatDeviceId> {
  const { actorId } = context.viewer!;
  const [actor] = await findActors(context.database, [actorId]);
  const owner = { uri: actor!.uri, identity: await newKey() };
  const valid: ChatDeviceId[] = [];
  for (let made = 0; made < count; made++) {
    if (valid.length === 6) await revokeChatDevice(context, valid.shift()!);
    const device = newDeviceOf(owner, await newKey(), context.clock.now());
    valid.push(await registerChatDevice(context, device, false));
  }
  return valid.at(-1)!;
}

/** Twenty groups, twenty requests, and twenty messages between two. */
async function chat(
  many: Person,
  star: Author,
  crowd: readonly Extra[],
): Promise<Pick<Shelves, 'smallConversation' | 'bigConversation'>> {
  const context = await many.context();
  const say = async (by: CommandContext, ids: readonly ActorId[], times = 1) => {
    const conversationId = await createConversation(by, ids);
    for (let count = 0; count < times; count++)
      await sendChatMessage(by, { conversationId, clientMessageId: randomUUID(), text: 'Kites!' });
    return toGlobalId('conversation', conversationId);
  };
  for (const { actorId } of crowd) await say(context, [actorId, star.actorId]);
  for (const person of crowd) await say(person.context, [many.actorId]);
  const answered = await say(context, [star.actorId]);
  await say(star.context, [many.actorId], SIZE - 1);
  const others = crowd.slice(0, 9).map(({ actorId }) => actorId);
  return { smallConversation: answered, bigConversation: await say(context, others) };
}

/** A post with one picture, place, hashtag, mention, comment, answer, like and revision. */
async function smallPost(
  world: World,
  author: Author,
  [first]: readonly Extra[],
  placeId?: PlaceId,
) {
  const id = await post(world, author, {
    caption: `#kites by @${first!.username}`,
    placeId,
    people: [first!],
  });
  await repost(first!, id);
  const commentId = await say(first!, id, null, 'Fine. :kite_1:');
  await say(first!, id, commentId);
  for (const subjectId of [id, commentId])
    await setReaction(first!.context, { subjectId, content: '❤' });
  const caption = `#kites with @${first!.username} :kite_2:`;
  await updatePost(author.context, { postId: id, caption });
  return { post: toGlobalId('post', id), comment: toGlobalId('comment', commentId) };
}

async function bigPost(world: World, author: Author, crowd: readonly Extra[]) {
  const words = crowd
    .map(({ username }, index) => `@${username} #tag${index} :kite_${index}:`)
    .join(' ');
  const id = await post(world, author, { caption: words, pictures: SIZE, people: crowd });
  const commentId = await say(crowd[0]!, id, null, `Fine. ${KITES}`);
  for (const person of crowd) {
    await repost(person, id);
    await setReaction(person.context, { subjectId: id, content: '❤' });
    const answerId = await say(person, id, commentId);
    const topId = person === crowd[0] ? commentId : await say(person, id);
    for (const subjectId of [answerId, topId])
      await setReaction(person.context, { subjectId, content: '❤' });
  }
  for (const turn of EACH)
    await updatePost(author.context, { postId: id, caption: `${words} ${turn}` });
  return { post: toGlobalId('post', id), comment: toGlobalId('comment', commentId) };
}

/** A post and a comment with reactions of every kind; the comment has twenty words. */
async function variety(world: World, author: Author, crowd: readonly Extra[]) {
  const id = await post(world, author, { caption: '' });
  const content = EACH.map((index) => `tag${index}`).join(' ');
  const answer = { postId: id, parentId: null, content, language: null };
  const commentId = await addComment(crowd[0]!.context, answer);
  for (const [index, { context }] of crowd.entries())
    for (const subjectId of [id, commentId])
      await setReaction(context, { subjectId, content: EMOJI[index]! });
  return { post: toGlobalId('post', id), comment: toGlobalId('comment', commentId) };
}

const REVISION = statement(
  'test.newest_revision',
  'select id from post_revisions where post_id = $1 order by id desc limit 1',
);

async function newestRevision(world: World, postId: string): Promise<string> {
  const row = await world.services.database.row<{ id: string }>(REVISION, [innerId(postId)]);
  return toGlobalId('revision', row!.id);
}

const INVITE = statement(
  'test.invite',
  'update accounts set invite_id = $1 where id = any($2::uuid[])',
);

async function staff(
  world: World,
  crowd: readonly Extra[],
  star: Person,
): Promise<Pick<Shelves, 'staff' | 'admin' | 'invite' | 'oneStrike' | 'manyStrikes'>> {
  const moderator = await world.moderator();
  const context = await moderator.context();
  for (const index of EACH) {
    await createInvite(context, { followsInviter: false });
    await saveDomainRule(context, ruleFor(`far${index}.test`));
  }
  await newCrowd(world, 'waiting', SIZE, 'AWAITING_APPROVAL');
  const admin = await world.admin();
  const [first, second] = crowd;
  for (const [turn, { context: reporter }] of crowd.entries()) {
    const report = { actorId: star.actorId, subjectIds: [], ruleIds: [] };
    await fileReport(reporter, { ...report, category: 'SPAM', comment: `No. ${turn}` });
    await warn(context, second!);
  }
  await warn(context, first!);
  for (const _ of EACH) {
    const archive = { purpose: 'EMOJI_ARCHIVE', kind: 'file' } as const;
    const mediaId = innerId(await readyPicture(world, admin, archive)) as MediaId;
    const order = { mediaId, category: null, replaces: false };
    await startEmojiImport(await admin.context(), order);
  }
  const inviteId = await createInvite(context, { followsInviter: false });
  const accountIds = crowd.map(({ accountId }) => accountId);
  await world.services.database.rows(INVITE, [inviteId, accountIds]);
  return {
    staff: moderator,
    admin,
    invite: toGlobalId('invite', inviteId),
    oneStrike: toGlobalId('adminaccount', first!.accountId),
    manyStrikes: toGlobalId('adminaccount', second!.accountId),
  };
}

function ruleFor(domain: string): DomainRuleDraft {
  const flags = { rejectsMedia: false, rejectsReports: false, isObfuscated: false };
  return { domain, severity: 'LIMIT', ...flags, publicComment: null, privateComment: null };
}

async function notifications(
  star: Person,
): Promise<Pick<Shelves, 'smallNotification' | 'bigNotification'>> {
  const answer = await star.graphql<{
    viewer: { notifications: { nodes: { id: string; actorCount: number }[] } };
  }>(
    '{ viewer { notifications(first: 50, filter: { kinds: [REPOST] }) { nodes { id actorCount } } } }',
  );
  const of = (count: number): string =>
    answer.data.viewer.notifications.nodes.find(({ actorCount }) => actorCount === count)!.id;
  return { smallNotification: of(1), bigNotification: of(SIZE) };
}

async function warn(context: CommandContext, { actorId: targetId }: Extra): Promise<void> {
  const named = { subjectIds: [], ruleIds: [], reportIds: [] };
  const draft = { targetId, kind: 'WARN' as const, reason: 'Be kind.', notifyTarget: false };
  await takeModerationAction(context, { ...draft, ...named });
}

const FINISH_EXPORTS = statement(
  'test.shelves.finish_exports',
  `update data_exports set state = 'SUCCEEDED', size_bytes = 1, expires_at = now() + interval '1 day',
     created_at = created_at - interval '8 days' where account_id = $1 and state = 'QUEUED'`,
);

async function exportOnce(world: World, who: Person): Promise<void> {
  await requestExport(await who.context(), { format: 'CSV_LISTS', includesMedia: false });
  await world.services.database.rows(FINISH_EXPORTS, [who.accountId]);
}

const FINISH_IMPORTS = statement(
  'test.finish_imports',
  `update data_imports set state = 'SUCCEEDED' where account_id = $1 and state = 'QUEUED'`,
);

async function importOnce(world: World, who: Person): Promise<string> {
  const csv = EACH.map((index) => `#tag${index}`).join('\n');
  const input = { source: 'CSV_HASHTAGS', csv, mode: 'DRY_RUN' } as const;
  const id = await startImport(await who.context(), input);
  await world.services.database.rows(FINISH_IMPORTS, [who.accountId]);
  return toGlobalId('dataimport', id);
}

async function accounts(
  world: World,
  crowd: readonly Extra[],
): Promise<Pick<Shelves, 'oneOfEach' | 'manyOfEach' | 'smallDraft' | 'bigDraft' | 'bigImport'>> {
  const [oneOfEach, manyOfEach] = [await world.local('one'), await world.local('many')];
  await makeToken(oneOfEach);
  await registerPushTarget(await oneOfEach.context(), pushClient());
  await exportOnce(world, oneOfEach);
  await importOnce(world, oneOfEach);
  let bigImport = '';
  const many = { ...manyOfEach, context: await manyOfEach.context() };
  await manyOfEach.graphql(
    'mutation { updateNotificationSettings(input: { policy: { fromStrangers: REQUEST } }) { userErrors { code } } }',
  );
  const postId = await post(world, many, { caption: '' });
  for (const person of crowd) await say(person, postId);
  await world.settle();
  for (const turn of EACH) {
    await makeToken(manyOfEach);
    await createInvite(many.context, { followsInviter: false });
    await registerPushTarget(many.context, pushClient());
    await keep(world, many, 1, addSeconds(world.clock.now(), 3_600));
    const away = await post(world, many, { caption: '' });
    await setPostArchived(many.context, { postId: away, archived: true });
    await exportOnce(world, manyOfEach);
    bigImport = await importOnce(world, manyOfEach);
    if (turn > 0) await signIn(world, manyOfEach);
  }
  const bigDraft = await keep(world, many, SIZE, null, crowd);
  const drafts: string[] = [];
  while (drafts.length < SIZE) drafts.push(await keep(world, many, 1, null, crowd.slice(0, 1)));
  return { oneOfEach, manyOfEach, bigDraft, bigImport, smallDraft: drafts[0]! };
}

/** Everybody of the crowd tells one story, the star twenty. */
async function stories(
  world: World,
  star: Author,
  crowd: readonly Extra[],
): Promise<
  Pick<Shelves, 'seenStory' | 'smallStory' | 'bigStory' | 'highlight' | 'oneEmoji' | 'manyEmoji'>
> {
  const point = { x: 0.5, y: 0.5, rotation: 0 };
  const publish = async (
    author: Author,
    caption = '',
    stickers: readonly StickerContent[] = [],
  ) => {
    const picture = await readyPicture(world, author, { purpose: 'STORY' });
    return publishStory(author.context, {
      mediaId: innerId(picture) as MediaId,
      caption,
      visibility: 'FOLLOWERS',
      durationSeconds: 86_400,
      allowsAnswers: true,
      isKept: true,
      stickers: stickers.map((sticker) => ({ ...sticker, ...point })),
    });
  };
  const mention = ({ actorId }: Pick<Extra, 'actorId'>): StickerContent => ({
    ...blankSticker('MENTION'),
    actorId,
  });
  const poll = { ...blankSticker('POLL'), label: 'Sea or hills?', options: ['Sea', 'Hills'] };
  const names = crowd.map(({ username }) => `@${username}`).join(' ');
  const seen = await publish(star, names, [poll]);
  for (const author of crowd) {
    const { context } = author;
    await publish(author, '', [mention(star)]);
    await markStoriesSeen(context, [seen]);
    await setStoryReaction(context, { storyId: seen, content: '❤' });
    await answerStory(context, { storyId: seen, content: 'Fine.' });
    await answerStorySticker(context, { storyId: seen, index: 0, optionIndex: 0 });
    await setCloseFriend(star.context, { actorId: author.actorId, isCloseFriend: true });
  }
  const small = await publish(star, '', crowd.slice(0, 1).map(mention));
  const big = await publish(star, '', crowd.slice(0, 10).map(mention));
  const others: StoryId[] = [];
  const withEmoji = async (label: string) => {
    const storyId = await publish(star, label, [{ ...blankSticker('QUESTION'), label }]);
    const answerId = await answerStory(crowd[0]!.context, { storyId, content: label });
    return { story: toGlobalId('story', storyId), answer: toGlobalId('storyanswer', answerId) };
  };
  const [oneEmoji, manyEmoji] = [await withEmoji(':kite_0:'), await withEmoji(KITES)];
  for (const _ of EACH.slice(5)) others.push(await publish(star));
  const emojiStories = [oneEmoji, manyEmoji].map(({ story }) => innerId(story) as StoryId);
  const storyIds = [small, seen, big, ...emojiStories, ...others];
  const highlights: string[] = [];
  for (const _ of EACH)
    highlights.push(
      await saveHighlight(star.context, { highlightId: null, title: 'Journey', storyIds }),
    );
  for (const { context } of crowd)
    await saveHighlight(context, { highlightId: null, title: 'Journey', storyIds: [] });
  const [seenStory, smallStory, bigStory] = [seen, small, big].map((id) => toGlobalId('story', id));
  const highlight = toGlobalId('highlight', highlights[0]!);
  const told = { seenStory: seenStory!, smallStory: smallStory!, bigStory: bigStory! };
  return { ...told, highlight, oneEmoji, manyEmoji };
}

const END_STORIES = statement(
  'test.shelves.end_stories',
  'update stories set expires_at = $2 where author_id = $1',
);

/** Twenty stories that are in the archive. */
async function endedStories(world: World, person: Person): Promise<void> {
  const context = await person.context();
  for (const _ of EACH) {
    const picture = await readyPicture(world, person, { purpose: 'STORY' });
    await publishStory(context, {
      mediaId: innerId(picture) as MediaId,
      caption: '',
      visibility: 'FOLLOWERS',
      durationSeconds: 86_400,
      allowsAnswers: true,
      isKept: true,
      stickers: [],
    });
  }
  await world.services.database.rows(END_STORIES, [person.actorId, world.clock.now()]);
}

/** A draft with as many pictures. */
async function keep(
  world: World,
  author: Author,
  count: number,
  scheduledFor: Date | null,
  people: readonly Extra[] = [],
): Promise<string> {
  const mediaIds = await pictures(world, author, count);
  return toGlobalId(
    'draft',
    await saveDraft(author.context, {
      draftId: null,
      mediaIds,
      tags: tagsOn(mediaIds, people),
      scheduledFor,
    }),
  );
}

function pushClient() {
  const { p256dh, auth } = makePushClient();
  const endpoint = `https://fcm.push.example/send/${randomUUID()}`;
  return { endpoint, p256dh, auth, kinds: null };
}

async function makeToken(person: Person): Promise<void> {
  await person.graphql(
    'mutation { createPersonalAccessToken(input: { name: "x", scopes: ["read"] }) { token } }',
  );
}

async function signIn(world: World, { username }: Person): Promise<void> {
  await world.graphql(
    'mutation ($input: SignInInput!) { signIn(input: $input) { token } }',
    { input: { login: username, password: WORLD_PASSWORD } },
    null,
    fromFreshAddress(),
  );
}
