/** From the columns that come with a post or comment to its author. */
import type { ActorSource } from '../../actors/graphql/actor.loader.js';
import type { AuthorColumns } from '../post.queries.js';

/** The author's columns as an actor. */
export function toAuthor(row: AuthorColumns): ActorSource {
  return {
    nodeType: 'Actor',
    id: row.authorId,
    kind: row.authorKind,
    username: row.authorUsername,
    domain: row.authorDomain,
    uri: row.authorUri,
    url: row.authorUrl,
    displayName: row.authorDisplayName,
    bioHtml: row.authorBioHtml,
    bioSource: row.authorBioSource,
    pronouns: row.authorPronouns,
    fields: row.authorFields,
    paymentLinks: row.authorPaymentLinks,
    avatarMediaId: row.authorAvatarMediaId,
    headerMediaId: row.authorHeaderMediaId,
    isLocked: row.authorIsLocked,
    isDiscoverable: row.authorIsDiscoverable,
    isIndexable: row.authorIsIndexable,
    hidesFollowLists: row.authorHidesFollowLists,
    status: row.authorStatus,
    alsoKnownAs: row.authorAlsoKnownAs,
    movedToId: row.authorMovedToId,
    // Of whoever is barred no post is shown.
    isBarred: false,
    joinedAt: row.authorJoinedAt,
    postCount: row.authorPostCount,
    followerCount: row.authorFollowerCount,
    followingCount: row.authorFollowingCount,
  };
}
