/** What somebody says: the Create of a post or comment, and the Announce of one. */
import type { Services } from '../../platform/context.js';
import { PUBLIC } from '../../platform/activity-streams.js';
import type { FederatedPost } from '../federated-post.queries.js';
import { activity, type Activity } from './activities.js';
import { followersUri } from './actor-document.js';
import { addresseesOf, noteOf } from './note-document.js';

/** A repost: what is passed on, whose that is, and since when. */
export interface Announced {
  readonly repostId: string;
  readonly postUri: string;
  readonly postAuthorUri: string;
  readonly createdAt: Date;
}

/** The Create of a post or comment; `occasion` tells one that comes again from its first one. */
export function createActivity(
  services: Services,
  post: FederatedPost,
  occasion: number | string | null = null,
): Activity {
  return activity('Create', post.authorUri, {
    id: `${post.uri}/activity${occasion === null ? '' : `/${occasion}`}`,
    ...addresseesOf(post),
    object: noteOf(services, post),
    published: (post.editedAt ?? post.publishedAt).toISOString(),
  });
}

/** The Announce of a repost. */
export function announceActivity(
  actorUri: string,
  { repostId, postUri, postAuthorUri, createdAt }: Announced,
): Activity {
  return activity('Announce', actorUri, {
    id: `${actorUri}/reposts/${repostId}`,
    object: postUri,
    published: createdAt.toISOString(),
    to: [PUBLIC],
    cc: [followersUri(actorUri), postAuthorUri],
  });
}

/** An activity as a member of a collection, which has the context of both. */
export function embedded({ '@context': _context, ...rest }: Activity): object {
  return rest;
}
