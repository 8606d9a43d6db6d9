// G20: a list costs the same number of SQL statements with one item as with twenty, counted at the driver and
// asked for over HTTP with authors, pictures, counters and what the viewer did.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  buildSchema,
  getNamedType,
  getNullableType,
  isListType,
  isObjectType,
  type GraphQLField,
  type GraphQLObjectType,
} from 'graphql';
import { buildAppSchema } from '../../src/app/schema.js';
import { filter, unfilter } from '../support/filters.js';
import { makeList } from '../support/timelines.js';
import { logStatements, type StatementLog } from '../support/statements.js';
import type { Person } from '../support/world.js';
import { fillShelves, type Shelves } from './shelves.js';
import { pageFrom, walk } from './walk.js';

const ACTOR = `id handle avatar { url } counts { followers following posts } viewerRelationship { isFollowing }`;
const MEDIA = `id altText url ... on ImageMedia { variants { url } }`;
const POST = `id author { ${ACTOR} } caption media { ${MEDIA} } counts { likes comments reactions reposts quotes } linkPreview { title } quotedPost { id }
  viewerState { isLiked isReposted isBookmarked bookmarkFolder { title } reaction matchedFilters { keywords } } viewerPermissions { canEdit canComment canRepost } place { name } hashtags { name viewerIsFollowing } mentions { handle }
  reactions { content count viewerHasReacted }`;
const STORY = `id author { ${ACTOR} } caption media { ${MEDIA} } isSeen viewerReaction viewerCount expiresAt
  stickers { kind label options results viewerVote actor { handle } hashtag { name } place { name } }`;
const PACK = `id title actorCount viewerFollowingCount useCount viewerIsMember owner { handle } actors(first: 2) { nodes { ${ACTOR} } }
  hashtags { name hashtag { id } }`;
const EMOJI = 'id shortcode category aliases url staticUrl isAnimated';
const EXPLANATION = `summary source score controls editorialPick { reason curator { ${ACTOR} } post { id } }
  contributions { signal raw normalized evidence } adjustments { key reason }`;
const COMMENT = `id author { ${ACTOR} } content linkPreview { title } likeCount replyCount viewerIsLiking viewerCanDelete
  matchedFilters { keywords } reactions { content count } parent { id } post { id author { handle } }`;

/** Who asks for what, so that the list has this many items. */
interface Request {
  readonly who: Person;
  readonly document: string;
}

type Ask = (size: 1 | 20, shelves: Shelves) => Request;

const node = (who: Person, id: string, type: string, field: string): Request => ({
  who,
  document: `{ node(id: "${id}") { ... on ${type} { list: ${field} } } }`,
});
const found = (
  who: Person,
  query: string,
  field: string,
  size: number,
  selection: string,
  choice = '',
): Request => ({
  who,
  document: `{ search(query: "${query}") { list: ${field}(first: ${size}${choice}) { nodes { ${selection} } } } }`,
});
const ofStar =
  (field: string, selection: string): Ask =>
  (size, { reader, star }) =>
    node(
      reader,
      star.actorGlobalId,
      'Actor',
      `${field}(first: ${size}) { nodes { ${selection} } }`,
    );
const ofPost =
  (field: string, selection: string): Ask =>
  (size, { reader, bigPost }) =>
    node(reader, bigPost, 'PhotoPost', `${field}(first: ${size}) { nodes { ${selection} } }`);
const wholePost =
  (field: string, selection: string): Ask =>
  (size, { reader, bigPost, smallPost }) =>
    node(reader, size === 1 ? smallPost : bigPost, 'PhotoPost', `${field} { ${selection} }`);
const ofViewer =
  (person: 'reader' | 'grim' | 'shy' | 'manyOfEach', field: string, selection: string): Ask =>
  (size, shelves) => ({
    who: shelves[person],
    document: `{ viewer { list: ${field}(first: ${size}) { nodes { ${selection} } } } }`,
  });
const ofAdmin =
  (field: string, selection: string): Ask =>
  (size, { staff }) => ({
    who: staff,
    document: `{ admin { list: ${field}(first: ${size}) { nodes { ${selection} } } } }`,
  });
const ofAccount =
  (field: string, selection: string): Ask =>
  (size, { oneOfEach, manyOfEach }) => ({
    who: size === 1 ? oneOfEach : manyOfEach,
    document: `{ viewer { list: ${field} { ${selection} } } }`,
  });

const MESSAGE = 'id sequence plaintext sentAt sender { handle }';

/** Every list of the schema that asks the database for its items. */
const LISTS: Readonly<Record<string, Ask>> = {
  'Actor.playlists': ofStar(
    'playlists',
    'id title videoCount owner { handle } videos(first: 1) { nodes { id } }',
  ),
  'Actor.chatDevices': (size, { reader, star, oneStory }) =>
    node(
      reader,
      size === 1 ? oneStory : star.actorGlobalId,
      'Actor',
      `chatDevices { id fingerprint keyPackageCount actor { ${ACTOR} } }`,
    ),
  'Actor.chatKeyLog': ofStar('chatKeyLog', 'index kind payload leafHash'),
  'Actor.collections': ofStar(
    'collections',
    'id title postCount owner { handle } posts(first: 1) { nodes { id } }',
  ),
  'Actor.emojis': (size, { reader, star, oneStory }) =>
    node(reader, size === 1 ? oneStory : star.actorGlobalId, 'Actor', `emojis { ${EMOJI} }`),
  'Actor.followers': ofStar('followers', ACTOR),
  'Actor.following': ofStar('following', ACTOR),
  'Actor.highlights': ofStar(
    'highlights',
    `id title storyCount cover { ${MEDIA} } owner { handle } stories(first: 1) { nodes { id } }`,
  ),
  'Actor.pinnedPosts': (size, { reader, star, onePin }) =>
    node(
      reader,
      size === 1 ? onePin : star.actorGlobalId,
      'Actor',
      `pinnedPosts { id author { ${ACTOR} } media { ${MEDIA} } viewerState { isLiked } }`,
    ),
  'Actor.posts': ofStar('posts', POST),
  'Actor.reposts': ofStar('reposts', POST),
  'Actor.stories': (size, { reader, star, oneStory }) =>
    node(reader, size === 1 ? oneStory : star.actorGlobalId, 'Actor', `stories { ${STORY} }`),
  'Actor.viewerLists': (size, { manyOfEach, oneList, manyLists }) =>
    node(
      manyOfEach,
      size === 1 ? oneList : manyLists,
      'Actor',
      'viewerLists { id title memberCount members(first: 1) { nodes { id } } }',
    ),
  'Actor.starterPacks': ofStar('starterPacks', PACK),
  'Actor.taggedPosts': (size, { reader, tagged }) =>
    node(reader, tagged, 'Actor', `taggedPosts(first: ${size}) { nodes { ${POST} } }`),
  'ActorList.members': (size, { manyOfEach, actorList }) =>
    node(manyOfEach, actorList, 'ActorList', `members(first: ${size}) { nodes { ${ACTOR} } }`),
  'Admin.customEmoji': ofAdmin('customEmoji', EMOJI),
  'Admin.emojiImports': (size, { admin }) => ({
    who: admin,
    document: `{ admin { list: emojiImports(first: ${size}) { nodes { id state total refusals { reason } startedBy { ${ACTOR} } } } } }`,
  }),
  'Admin.auditLog': (size, { admin }) => ({
    who: admin,
    document: `{ admin { list: auditLog(first: ${size}) { nodes { id number action subjectId actor { ${ACTOR} } } } } }`,
  }),
  'Admin.invites': ofAdmin(
    'invites',
    'id code url uses createdBy { handle } joinedActors(first: 2) { nodes { id } }',
  ),
  'Admin.pendingRegistrations': ofAdmin(
    'pendingRegistrations',
    `id email actor { ${ACTOR} } invitedBy { handle }`,
  ),
  'Admin.unreachableHosts': ofAdmin('unreachableHosts', 'host since waitingDeliveries'),
  'Admin.domainRules': ofAdmin('domainRules', 'id domain severity privateComment'),
  'Instance.peers': (size, { reader }) => ({
    who: reader,
    document: `{ instance { list: peers(first: ${size}) { nodes { host software version isReachable } } } }`,
  }),
  'Instance.moderatedDomains': (size, { reader }) => ({
    who: reader,
    document: `{ instance { list: moderatedDomains(first: ${size}) { nodes { id domain severity publicComment } } } }`,
  }),
  'Invite.joinedActors': (size, { staff, invite }) =>
    node(staff, invite, 'Invite', `joinedActors(first: ${size}) { nodes { ${ACTOR} } }`),
  'Viewer.invites': ofViewer(
    'manyOfEach',
    'invites',
    'id code url uses createdBy { handle } joinedActors(first: 2) { nodes { id } }',
  ),
  'Admin.reports': ofAdmin(
    'reports',
    `id category comment status reporter { ${ACTOR} } target { handle } rules { text } subjects { subjectId content } messages { content provenBy }`,
  ),
  'Admin.pendingHashtagTrends': (size, { admin }) => ({
    who: admin,
    document: `{ admin { list: pendingHashtagTrends(first: ${size}) { score hashtag { name postCount } history { uses } } } }`,
  }),
  'Admin.pendingPostTrends': (size, { admin }) => ({
    who: admin,
    document: `{ admin { list: pendingPostTrends(first: ${size}) { score post { ${POST} } } } }`,
  }),
  'AdminAccount.strikes': (size, { staff, oneStrike, manyStrikes }) =>
    node(
      staff,
      size === 1 ? oneStrike : manyStrikes,
      'AdminAccount',
      `strikes { id kind reason moderator { ${ACTOR} } target { handle } }`,
    ),
  'Comment.emojis': (size, { reader, smallComment, bigComment }) =>
    node(reader, size === 1 ? smallComment : bigComment, 'Comment', `emojis { ${EMOJI} }`),
  'Instance.customEmoji': (size, { reader }) => ({
    who: reader,
    document: `{ instance { list: customEmoji(first: ${size}) { nodes { ${EMOJI} } } } }`,
  }),
  'PhotoPost.emojis': wholePost('emojis', EMOJI),
  'Collection.posts': (size, { reader, collection }) =>
    node(reader, collection, 'Collection', `posts(first: ${size}) { nodes { ${POST} } }`),
  'Playlist.videos': (size, { reader, playlist }) =>
    node(reader, playlist, 'Playlist', `videos(first: ${size}) { nodes { ${POST} } }`),
  'VideoPost.playlists': (size, { reader, remixed }) =>
    node(
      reader,
      remixed,
      'VideoPost',
      `playlists(first: ${size}) { nodes { id title videoCount owner { handle } } }`,
    ),
  'VideoPost.remixes': (size, { reader, remixed }) =>
    node(reader, remixed, 'VideoPost', `remixes(first: ${size}) { nodes { ${POST} } }`),
  'Sound.videos': (size, { reader, sound }) =>
    node(reader, sound, 'Sound', `videos(first: ${size}) { nodes { ${POST} } }`),
  'Comment.matchedFilters': (size, { manyOfEach, smallComment, variedComment }) =>
    node(
      manyOfEach,
      size === 1 ? smallComment : variedComment,
      'Comment',
      'matchedFilters { keywords filter { title keywords { text } } }',
    ),
  'Comment.media': (size, { reader, smallComment, bigComment }) =>
    node(reader, size === 1 ? smallComment : bigComment, 'Comment', `media { ${MEDIA} }`),
  'Comment.reactions': (size, { reader, smallComment, variedComment }) =>
    node(
      reader,
      size === 1 ? smallComment : variedComment,
      'Comment',
      'reactions { content count viewerHasReacted reactors(first: 1) { nodes { handle } } }',
    ),
  'Comment.replies': (size, { reader, bigComment }) =>
    node(reader, bigComment, 'Comment', `replies(first: ${size}) { nodes { ${COMMENT} } }`),
  'Draft.media': (size, { manyOfEach, smallDraft, bigDraft }) =>
    node(manyOfEach, size === 1 ? smallDraft : bigDraft, 'Draft', `media { ${MEDIA} }`),
  'Draft.tags': (size, { manyOfEach, smallDraft, bigDraft }) =>
    node(
      manyOfEach,
      size === 1 ? smallDraft : bigDraft,
      'Draft',
      `tags { x y actor { ${ACTOR} } media { ${MEDIA} } }`,
    ),
  'Hashtag.posts': (size, { reader }) => ({
    who: reader,
    document: `{ hashtag(name: "kites") { list: posts(first: ${size}) { nodes { ${POST} } } } }`,
  }),
  'Highlight.stories': (size, { reader, highlight }) =>
    node(reader, highlight, 'Highlight', `stories(first: ${size}) { nodes { ${STORY} } }`),
  'Notification.actors': (size, { star, smallNotification, bigNotification }) =>
    node(
      star,
      size === 1 ? smallNotification : bigNotification,
      'Notification',
      `actors { ${ACTOR} }`,
    ),
  'PhotoPost.comments': ofPost('comments', COMMENT),
  'PhotoPost.hashtags': wholePost('hashtags', 'id name postCount posts(first: 1) { nodes { id } }'),
  'PhotoPost.likedBy': ofPost('likedBy', ACTOR),
  'PhotoPost.media': wholePost('media', MEDIA),
  'PhotoPost.mentions': wholePost('mentions', ACTOR),
  'PhotoPost.collections': (size, { reader, collection }) => ({
    who: reader,
    document: `{ node(id: "${collection}") { ... on Collection { posts(first: 1) { nodes { list: collections(first: ${size}) { nodes {
      id title postCount owner { handle } } } } } } } }`,
  }),
  'PhotoPost.pinnedComments': wholePost('pinnedComments', COMMENT),
  'PhotoPost.quotes': ofPost('quotes', POST),
  'PhotoPost.reactions': (size, { reader, smallPost, variedPost }) =>
    node(
      reader,
      size === 1 ? smallPost : variedPost,
      'PhotoPost',
      'reactions { content count viewerHasReacted reactors(first: 1) { nodes { handle } } }',
    ),
  'PhotoPost.repostedBy': ofPost('repostedBy', ACTOR),
  'PostFederation.hosts': (size, { star, bigPost }) => ({
    who: star,
    document: `{ node(id: "${bigPost}") { ... on PhotoPost { federation { lastFailure
      list: hosts(first: ${size}) { nodes { host state failure } } } } } }`,
  }),
  'PhotoPost.revisions': ofPost('revisions', `id caption media { ${MEDIA} }`),
  'PhotoPost.taggedActors': wholePost(
    'taggedActors',
    `id x y isConfirmed actor { ${ACTOR} } media { ${MEDIA} } post { id }`,
  ),
  'Place.posts': (size, { reader, place }) =>
    node(reader, place, 'Place', `posts(first: ${size}) { nodes { ${POST} } }`),
  'PostViewerState.matchedFilters': (size, { manyOfEach, smallPost, bigPost }) => ({
    who: manyOfEach,
    document: `{ node(id: "${size === 1 ? smallPost : bigPost}") { ... on PhotoPost { viewerState {
      list: matchedFilters { keywords filter { title keywords { text } } } } } } }`,
  }),
  'PostRevision.media': (size, { reader, smallRevision, bigRevision }) =>
    node(reader, size === 1 ? smallRevision : bigRevision, 'PostRevision', `media { ${MEDIA} }`),
  'Query.nodes': (size, { reader, posts }) => ({
    who: reader,
    document: `{ list: nodes(ids: ${JSON.stringify(posts.slice(0, size))}) { ... on PhotoPost { ${POST} } } }`,
  }),
  'Query.publicTimeline': (size, { reader }) => ({
    who: reader,
    document: `{ list: publicTimeline(first: ${size}) { nodes { ${POST} } } }`,
  }),
  'Query.directory': (size, { reader }) => ({
    who: reader,
    document: `{ list: directory(first: ${size}) { nodes { ${ACTOR} } } }`,
  }),
  'Query.mentionCompletions': (size, { reader }) => ({
    who: reader,
    document: `{ list: mentionCompletions(beginning: "crowd", first: ${size}) { ${ACTOR} } }`,
  }),
  'Query.searchPlaces': (size, { reader }) => ({
    who: reader,
    document: `{ list: searchPlaces(query: "kite", first: ${size}) {
      id name country postCount posts(first: 1) { nodes { id } } } }`,
  }),
  'ReactionGroup.reactors': (size, { reader, bigPost }) => ({
    who: reader,
    document: `{ node(id: "${bigPost}") { ... on PhotoPost {
      reactions { list: reactors(first: ${size}) { nodes { ${ACTOR} } } } } } }`,
  }),
  'ChatHome.conversations': (size, { manyOfEach }) => ofChat(manyOfEach, 'conversations', size),
  'ChatHome.messageRequests': (size, { manyOfEach }) => ofChat(manyOfEach, 'messageRequests', size),
  'Conversation.members': (size, { manyOfEach, smallConversation, bigConversation }) =>
    node(
      manyOfEach,
      size === 1 ? smallConversation : bigConversation,
      'Conversation',
      `members { joinedAt role actor { ${ACTOR} } }`,
    ),
  'Conversation.devices': (size, { manyOfEach, smallGroup, bigGroup }) =>
    node(
      manyOfEach,
      size === 1 ? smallGroup : bigGroup,
      'Conversation',
      'devices { id fingerprint }',
    ),
  'Conversation.devicesToRemove': (size, { manyOfEach, smallGroup, bigGroup }) =>
    node(
      manyOfEach,
      size === 1 ? smallGroup : bigGroup,
      'Conversation',
      `devicesToRemove { id actor { ${ACTOR} } }`,
    ),
  'Mailbox.entries': (size, { manyOfEach, mailboxDevice }) => ({
    who: manyOfEach,
    document: `{ viewer { chat { mailbox(deviceId: "${mailboxDevice}", first: ${size}) {
      list: entries { position message { id kind epoch sender { handle } } } } } } }`,
  }),
  'Conversation.messages': (size, { manyOfEach, smallConversation }) =>
    node(
      manyOfEach,
      smallConversation,
      'Conversation',
      `messages(first: ${size}) { nodes { ${MESSAGE} } }`,
    ),
  'Query.starterPacks': (size, { reader }) => ({
    who: reader,
    document: `{ list: starterPacks(first: ${size}) { nodes { ${PACK} } } }`,
  }),
  'StarterPack.actors': (size, { reader, bigPack }) =>
    node(reader, bigPack, 'StarterPack', `actors(first: ${size}) { nodes { ${ACTOR} } }`),
  'StarterPack.hashtags': (size, { reader, smallPack, bigPack }) =>
    node(
      reader,
      size === 1 ? smallPack : bigPack,
      'StarterPack',
      'hashtags { name hashtag { id name viewerIsFollowing posts(first: 1) { nodes { id } } } }',
    ),
  'Story.answers': (size, { star, seenStory }) =>
    node(
      star,
      seenStory,
      'Story',
      `answers(first: ${size}) { nodes { id content emojis { id } actor { ${ACTOR} } story { id } } }`,
    ),
  'Story.emojis': (size, { star, oneEmoji, manyEmoji }) =>
    node(star, (size === 1 ? oneEmoji : manyEmoji).story, 'Story', `emojis { ${EMOJI} }`),
  'StoryAnswer.emojis': (size, { star, oneEmoji, manyEmoji }) =>
    node(star, (size === 1 ? oneEmoji : manyEmoji).answer, 'StoryAnswer', `emojis { ${EMOJI} }`),
  'StorySticker.emojis': (size, { star, oneEmoji, manyEmoji }) => ({
    who: star,
    document: `{ node(id: "${(size === 1 ? oneEmoji : manyEmoji).story}") { ... on Story {
      stickers { list: emojis { ${EMOJI} } } } } }`,
  }),
  'Story.mentions': (size, { star, seenStory, smallStory }) =>
    node(star, size === 1 ? smallStory : seenStory, 'Story', `mentions { ${ACTOR} }`),
  'Story.reactions': (size, { star, seenStory }) =>
    node(
      star,
      seenStory,
      'Story',
      `reactions(first: ${size}) { nodes { content emoji { id } actor { ${ACTOR} } } }`,
    ),
  'Story.stickers': (size, { star, bigStory, smallStory }) =>
    node(
      star,
      size === 1 ? smallStory : bigStory,
      'Story',
      `stickers { kind actor { ${ACTOR} } results }`,
    ),
  'SearchResults.actors': (size, { reader }) => found(reader, 'crowd', 'actors', size, ACTOR),
  'SearchResults.hashtags': (size, { reader }) =>
    found(reader, 'tag', 'hashtags', size, 'id name postCount posts(first: 1) { nodes { id } }'),
  'SearchResults.places': (size, { reader }) => ({
    who: reader,
    document: `{ search(query: "kite") { list: places(first: ${size}) { id name } } }`,
  }),
  'SearchResults.posts': (size, { star }) => found(star, 'crowd', 'posts', size, POST),
  'Story.viewers': (size, { star, seenStory }) =>
    node(star, seenStory, 'Story', `viewers(first: ${size}) { nodes { ${ACTOR} } }`),
  'StorySticker.voters': (size, { star, seenStory }) => ({
    who: star,
    document: `{ node(id: "${seenStory}") { ... on Story {
      stickers { list: voters(optionIndex: 0, first: ${size}) { nodes { ${ACTOR} } } } } } }`,
  }),
  'StoryTray.stories': (size, { reader, star, oneStory }) => ({
    who: reader,
    document: `{ node(id: "${size === 1 ? oneStory : star.actorGlobalId}") { ... on Actor {
        storyTray { hasUnseen list: stories { ${STORY} } } } } }`,
  }),
  'Trends.hashtags': (size, { reader }) => ({
    who: reader,
    document: `{ trends { list: hashtags(first: ${size}) { score hashtag { name postCount } history { uses } } } }`,
  }),
  'Trends.sounds': (size, { reader }) => ({
    who: reader,
    document: `{ trends { list: sounds(first: ${size}) { uses people sound { id title } } } }`,
  }),
  'Trends.posts': (size, { reader }) => ({
    who: reader,
    document: `{ trends { list: posts(first: ${size}) { score post { ${POST} } } } }`,
  }),
  'Viewer.archivedPosts': ofViewer('manyOfEach', 'archivedPosts', `id media { ${MEDIA} }`),
  'Viewer.blockedActors': ofViewer('grim', 'blockedActors', ACTOR),
  'Viewer.bookmarkFolders': ofAccount('bookmarkFolders', 'id title'),
  'Viewer.bookmarks': ofViewer('manyOfEach', 'bookmarks', POST),
  'Viewer.likes': ofViewer('manyOfEach', 'likes', POST),
  'Viewer.playbackHistory': ofViewer('manyOfEach', 'playbackHistory', POST),
  'Viewer.closeFriends': (size, { star }) => ({
    who: star,
    document: `{ viewer { list: closeFriends(first: ${size}) { nodes { ${ACTOR} } } } }`,
  }),
  'Viewer.drafts': ofViewer(
    'manyOfEach',
    'drafts',
    `id caption media { ${MEDIA} } place { name } failure { code }`,
  ),
  'FeedPage.edges': (size, { reader }) => ({
    who: reader,
    document: `{ feed(first: ${size}) { list: edges { node { ${POST} } explanation { ${EXPLANATION} } } } }`,
  }),
  'FeedPreferences.hiddenAuthors': (size, { manyOfEach }) => ({
    who: manyOfEach,
    document: `{ viewer { feedPreferences { list: hiddenAuthors(first: ${size}) { ${ACTOR} } } } }`,
  }),
  'FeedSnapshot.entries': (size, { reader }) => ({
    who: reader,
    document: `{ feed(first: 1, filter: { languages: ["${size === 1 ? 'se' : 'fo'}"] }) { snapshot {
      list: entries { rank post { ${POST} } explanation { ${EXPLANATION} } } } } }`,
  }),
  'FeedSnapshot.rejected': (size, { reader }) => ({
    who: reader,
    document: `{ feed(algorithm: "for-you", first: 1) { snapshot { list: rejected(first: ${size}) { reason post { id author { ${ACTOR} } } } } } }`,
  }),
  'Viewer.interestProfile': (size, { manyOfEach }) => ({
    who: manyOfEach,
    document: `{ viewer { list: interestProfile(first: ${Math.max(2, size)}) { score evidence actor { ${ACTOR} } hashtag { name } } } }`,
  }),
  'Viewer.filters': ofAccount('filters', 'id title keywords { text }'),
  'Viewer.exports': ofAccount('exports', 'id state progressPercent downloadUrl'),
  'Viewer.imports': ofAccount('imports', 'id state total waiting imported'),
  'DataImport.lines': (size, { manyOfEach, bigImport }) => ({
    who: manyOfEach,
    document: `{ node(id: "${bigImport}") { ... on DataImport { list: lines(first: ${size}) { nodes { line text outcome } } } } }`,
  }),
  'Viewer.followRequests': ofViewer('shy', 'followRequests', ACTOR),
  'Viewer.followedHashtags': ofViewer(
    'manyOfEach',
    'followedHashtags',
    'id name postCount viewerIsFollowing posts(first: 1) { nodes { id } }',
  ),
  'Viewer.homeTimeline': ofViewer('reader', 'homeTimeline', POST),
  'Viewer.lists': ofAccount('lists', 'id title memberCount members(first: 1) { nodes { id } }'),
  'Viewer.listTimeline': (size, { manyOfEach, actorList }) => ({
    who: manyOfEach,
    document: `{ viewer { list: listTimeline(listId: "${actorList}", first: ${size}) { nodes { ${POST} } } } }`,
  }),
  'Viewer.mutedActors': ofViewer('grim', 'mutedActors', ACTOR),
  'Viewer.notificationRequests': ofViewer(
    'manyOfEach',
    'notificationRequests',
    `id notificationCount actor { ${ACTOR} }`,
  ),
  'Viewer.notifications': (size, { star }) => ({
    who: star,
    document: `{ viewer { list: notifications(first: ${size}, filter: { kinds: [REPOST] }) { nodes {
      id fallbackTitle fallbackUrl isRead actorCount actors { ${ACTOR} } subject { ... on PhotoPost { ${POST} } } } } } }`,
  }),
  'Viewer.personalAccessTokens': ofAccount('personalAccessTokens', 'id name scopes'),
  'Viewer.pushTargets': ofAccount('pushTargets', 'id endpoint kinds'),
  'Viewer.scheduledPosts': ofViewer(
    'manyOfEach',
    'scheduledPosts',
    `id caption scheduledFor media { ${MEDIA} } place { name }`,
  ),
  'Viewer.sessions': ofAccount('sessions', 'id name isCurrent userAgent ipAddress'),
  'Viewer.storyArchive': ofViewer('manyOfEach', 'storyArchive', STORY),
  'Viewer.storyTray': ofViewer(
    'reader',
    'storyTray',
    `id hasUnseen actor { ${ACTOR} } stories { id caption isSeen viewerReaction media { ${MEDIA} } stickers { kind } }`,
  ),
  'Viewer.starterPacksWithViewer': ofViewer('manyOfEach', 'starterPacksWithViewer', PACK),
  'Viewer.suggestedActors': (size, { manyOfEach }) => ({
    who: manyOfEach,
    document: `{ viewer { list: suggestedActors(first: ${size}) { score reasons { reason count } actor { ${ACTOR} } } } }`,
  }),
  'Viewer.tagRequests': ofViewer(
    'manyOfEach',
    'tagRequests',
    `id actor { handle } media { ${MEDIA} } post { id author { handle } }`,
  ),
};

function ofChat(who: Person, field: string, size: number): Request {
  const document = `{ viewer { chat { list: ${field}(first: ${size}) { nodes { id isRequest unreadCount
    members { actor { ${ACTOR} } } lastMessage { id sequence plaintext } messages(last: 1) { nodes { id } } } } } } }`;
  return { who, document };
}

/** Lists that never have one. */
const AT_LEAST: Readonly<Record<string, number>> = {
  'Conversation.members': 2,
  'Viewer.interestProfile': 2,
};

/** Lists that never have twenty. */
const AT_MOST: Readonly<Record<string, number>> = {
  'Actor.chatDevices': 6,
  'Comment.media': 4,
  'Conversation.members': 10,
  'PhotoPost.pinnedComments': 3,
  'Actor.pinnedPosts': 6,
  'Notification.actors': 5,
  'Story.stickers': 10,
};

/** Lists that come with their owner, without a statement of their own. */
const IN_THEIR_OWNER = [
  'ContentFilter.keywords',
  'CreatorAnalytics.days',
  'CreatorAnalytics.newFollowers',
  'PostAnalytics.days',
  'EmojiImport.refusals',
  'Actor.fields',
  'Actor.paymentLinks',
  'ActorSuggestion.reasons',
  'ImageMedia.variants',
  'VideoMedia.captions',
  'VideoMedia.sources',
  'FeedAlgorithm.adjustments',
  'FeedAlgorithm.candidateSources',
  'FeedAlgorithm.changelog',
  'FeedAlgorithm.signals',
  'FeedPreferences.weights',
  'FeedSnapshot.weights',
  'Instance.attributions',
  'Instance.feedAlgorithms',
  'Instance.rules',
  'RankingExplanation.adjustments',
  'RankingExplanation.contributions',
  'JobProgress.renditions',
  'MemberKeys.devices',
  'ModerationAction.rules',
  'RemoteKeyLog.contradictions',
  'RemoteKeyLog.entries',
  'RemoteKeyLog.growth',
  'Report.messages',
  'Report.rules',
  'Report.subjects',
  'TrendingHashtag.history',
  'UploadTicket.headers',
  'Viewer.entitlements',
  'StaleEpochError.missedCommits',
];

/** Lists inside of lists, each alone: the number of parents must not count either. */
const NESTED: Readonly<Record<string, Ask>> = {
  'answers to comments on posts': ofStar(
    'posts',
    'id comments(first: 2) { nodes { id replies(first: 2) { nodes { id } } } }',
  ),
  'emoji of posts': ofStar('posts', `id emojis { ${EMOJI} }`),
  'emoji of reactions of posts': ofStar('posts', `id reactions { emoji { ${EMOJI} } }`),
  'likes of posts': ofStar('posts', 'id likedBy(first: 2) { nodes { id } }'),
  'reactors of reactions of posts': ofStar(
    'posts',
    'id reactions { reactors(first: 2) { nodes { id } } }',
  ),
  'pictures of revisions of posts': ofStar(
    'posts',
    'id revisions(first: 2) { nodes { id media { id } } }',
  ),
  'posts of hashtags of posts': ofStar(
    'posts',
    'id hashtags { postCount posts(first: 2) { nodes { id } } }',
  ),
  'people on pictures of posts': ofStar(
    'posts',
    'id ... on PhotoPost { taggedActors { id actor { id } media { id } } }',
  ),
  'those who reposted posts': ofStar('posts', 'id repostedBy(first: 2) { nodes { id } }'),
  'servers of posts': (size, { star }) => ({
    who: star,
    document: `{ viewer { actor { list: posts(first: ${size}) { nodes {
      id federation { delivered failed hosts(first: 2) { nodes { host } } } } } } } }`,
  }),
  'posts of places of posts': ofStar(
    'posts',
    'id place { postCount posts(first: 2) { nodes { id } } }',
  ),
  'playlists of followers': ofStar(
    'followers',
    'id playlists(first: 2) { nodes { id videoCount videos(first: 2) { nodes { id } } } }',
  ),
  'collections of followers': ofStar(
    'followers',
    'id collections(first: 2) { nodes { id postCount posts(first: 2) { nodes { id } } } }',
  ),
  'starter packs of followers': ofStar(
    'followers',
    'id starterPacks(first: 2) { nodes { id actorCount actors(first: 2) { nodes { id } } } }',
  ),
  'stories of followers': ofStar('followers', 'id storyTray { id stories { id media { id } } }'),
  'highlights of followers': ofStar(
    'followers',
    'id highlights(first: 2) { nodes { id stories(first: 2) { nodes { id } } } }',
  ),
  'what followers reposted': ofStar('followers', 'id reposts(first: 2) { nodes { id } }'),
  'posts of followers': ofStar('followers', 'id posts(first: 2) { nodes { id } }'),
  'followers of followers': ofStar('followers', 'id followers(first: 2) { nodes { id } }'),
  'those whom followers follow': ofStar('followers', 'id following(first: 2) { nodes { id } }'),
};

const SCHEMA = buildSchema(readFileSync('schema.graphql', 'utf8'));

let shelves: Shelves;
let log: StatementLog;

beforeAll(async () => {
  shelves = await fillShelves();
  log = logStatements();
}, 600_000);

afterAll(async () => {
  log[Symbol.dispose]();
  await shelves[Symbol.asyncDispose]();
});

test('the table has every list of the schema', async () => {
  const schema = await buildAppSchema();
  const lists = Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type))
    .filter(({ name }) => !name.startsWith('__') && !/(Connection|Payload)$/.test(name))
    .flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => isList(field) && !isOfPhotoPostsToo(type, field.name))
        .map((field) => `${type.name}.${field.name}`),
    );
  expect([...Object.keys(LISTS), ...IN_THEIR_OWNER].sort()).toEqual(lists.sort());
});

/** Lists that other formats of posts have as well are the same code: they are asked of photo posts. */
function isOfPhotoPostsToo(type: GraphQLObjectType, fieldName: string): boolean {
  const photoPost = SCHEMA.getType('PhotoPost') as GraphQLObjectType;
  const isPost = type.getInterfaces().some(({ name }) => name === 'Post');
  return isPost && type.name !== 'PhotoPost' && photoPost.getFields()[fieldName] !== undefined;
}

function isConnection(path: string): boolean {
  const [typeName = '', fieldName = ''] = path.split('.');
  const type = SCHEMA.getType(typeName);
  const field = isObjectType(type) ? type.getFields()[fieldName] : undefined;
  return field !== undefined && getNamedType(field.type).name.endsWith('Connection');
}

function isList({ type }: GraphQLField<unknown, unknown>): boolean {
  const named = getNamedType(type);
  if (named.name.endsWith('Connection')) return true;
  return isListType(getNullableType(type)) && !('getValues' in named) && 'getFields' in named;
}

test.each(Object.entries({ ...LISTS, ...NESTED }))(
  'G20 %s: as many statements for twenty as for one',
  async (name, ask) => {
    const one = await run(ask(1, shelves));
    const twenty = await run(ask(20, shelves));
    expect([one.items, twenty.items]).toEqual([AT_LEAST[name] ?? 1, AT_MOST[name] ?? 20]);
    expect(one.statements.length).toBeGreaterThan(0);
    expect(twenty.statements).toEqual(one.statements);
  },
);

const CONNECTIONS = Object.entries(LISTS).filter(([name]) => isConnection(name));

test.each(CONNECTIONS)(
  'G06 %s: the same order from both ends, for as many statements',
  async (_name, ask) => {
    const { who, document } = ask(20, shelves);
    const forward = await walk(who, document, 'first', 9);
    const backward = await walk(who, document, 'last', 9);
    const cursors = forward.flatMap((page) => page.cursors);
    expect(cursors.length).toBeGreaterThanOrEqual(20);
    expect(new Set(cursors).size).toBe(cursors.length);
    expect(backward.toReversed().flatMap((page) => page.cursors)).toEqual(cursors);
    expect([forward[0]!.hasPreviousPage, backward[0]!.hasNextPage]).toEqual([false, false]);
    const there = await pageFrom(who, document, 'first', 9, cursors[8]);
    const back = await pageFrom(who, document, 'last', 9, cursors[18]);
    expect({ ...back, requestId: there.requestId }).toEqual(there);
    expect(statementsOf(back.requestId)).toHaveLength(statementsOf(there.requestId).length);
  },
);

test('G20 a home timeline of a hundred posts costs at most twelve statements', async () => {
  const { items, statements } = await run({
    who: shelves.reader,
    document: `{ viewer { list: homeTimeline(first: 100) { nodes {
      id author { ${ACTOR} } caption media { ${MEDIA} } counts { likes comments reactions }
      viewerState { isLiked reaction } } } } }`,
  });
  expect(items).toBe(100);
  expect(statements.length).toBeLessThanOrEqual(12);
});

const FILTERED: Readonly<Record<string, (filter: string, listId: string) => string>> = {
  home: (filter) => `{ viewer { list: homeTimeline(first: 20${filter}) { nodes { ${POST} } } } }`,
  public: (filter) => `{ list: publicTimeline(first: 20${filter}) { nodes { ${POST} } } }`,
  list: (filter, listId) =>
    `{ viewer { list: listTimeline(listId: "${listId}", first: 20${filter}) { nodes { ${POST} } } } }`,
  hashtag: (filter) =>
    `{ hashtag(name: "kites") { list: posts(first: 20${filter}) { nodes { ${POST} } } } }`,
};
const EVERY_CHOICE =
  ', filter: { kinds: [PHOTO], includeSensitive: false, excludeAi: true, excludeReposts: true }';

test.each(Object.entries(FILTERED))(
  'G20 no filter changes the statements of a %s timeline',
  async (_name, ask) => {
    const { reader: who, star } = shelves;
    const listId = await makeList(who, [star]);
    const plain = await run({ who, document: ask('', listId) });
    expect(plain.items).toBe(20);
    const filterId = await filter(who, 'never said');
    const filtered = await run({ who, document: ask('', listId) });
    const chosen = await run({ who, document: ask(EVERY_CHOICE, listId) });
    await unfilter(who, filterId);
    expect([filtered, chosen]).toEqual([plain, plain]);
  },
);

test('G20 no filter changes the statements of a search', async () => {
  const { star: who } = shelves;
  const ask = (choice: string): Request => found(who, 'crowd', 'posts', 20, POST, choice);
  // The search itself has no name and is written for what is asked: one text stands for another.
  const shape = async (request: Request) => {
    const { items, statements } = await run(request);
    return { items, statements: statements.map((name) => (name.includes(' ') ? 'text' : name)) };
  };
  const plain = await shape(ask(''));
  expect(plain.items).toBe(20);
  const filterId = await filter(who, 'never said');
  const filtered = await shape(ask(''));
  const chosen = await shape(ask(EVERY_CHOICE));
  await unfilter(who, filterId);
  expect([filtered, chosen]).toEqual([plain, plain]);
});

/** Statements that only some requests need: the budget of points is leased, and a token’s use noted once a minute. */
const NOW_AND_THEN = /rate_limits|^rlflx|^sessions\.touch$/;

async function run({ who, document }: Request) {
  const answer = await who.graphql(document);
  expect(answer.errors).toBeUndefined();
  const statements = statementsOf(answer.headers.get('x-request-id')!);
  return { items: itemsOf(answer.data), statements: [...statements].sort() };
}

function statementsOf(requestId: string): string[] {
  return log.of(requestId).filter((name) => !NOW_AND_THEN.test(name));
}

/** Length of the one list named `list`. */
function itemsOf(data: unknown): number {
  const found: number[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, part] of Object.entries(value)) {
      if (key === 'list')
        found.push(Array.isArray(part) ? part.length : (part as { nodes: unknown[] }).nodes.length);
      else visit(part);
    }
  };
  visit(data);
  if (found.length !== 1) throw new Error(`${found.length} lists in ${JSON.stringify(data)}`);
  return found[0]!;
}
