/** Whom a comment is for: a comment here is for whoever sees the post, unless its author addresses it to fewer people. */
import { statement, type Reader } from '../../platform/db/database.js';
import type { Visibility } from '../../actors/visibility.js';
import type { Narrowing } from '../../posts/comment-visibility.js';
import { followersUri as localFollowersUri } from '../documents/actor-document.js';
import { visibilityOf, type ReadNote } from '../internal/read-note.js';
import type { RemoteActor } from '../resolve-actor.js';
import type { KnownSubject } from './receiving.js';

const POST_OF = statement(
  'federation.audience',
  `select root.visibility, author.uri as "authorUri", author.domain is null as "isLocal",
     r.followers_uri as "followersUri",
     array(select a.uri from post_mentions m join actors a on a.id = m.actor_id where m.post_id = root.id) as mentioned
   from posts p join posts root on root.id = coalesce(p.root_id, p.id) join actors author on author.id = root.author_id
     left join remote_actors r on r.actor_id = author.id
   where p.id = $1`,
);

interface Audience {
  readonly visibility: Visibility;
  readonly authorUri: string;
  readonly isLocal: boolean;
  readonly followersUri: string | null;
  readonly mentioned: readonly string[];
}

/** Whom among those who see what it answers a note is for; null = all of them. */
export async function narrowingOf(
  reader: Reader,
  answered: KnownSubject,
  note: ReadNote,
  author: RemoteActor,
): Promise<Narrowing | null> {
  if (visibilityOf(note, null) !== 'MENTIONED') return null;
  const post = await reader.row<Audience>(POST_OF, [answered.id]);
  const addressed = new Set([...note.to, ...note.cc, author.uri]);
  if (post && isForAllWhoSee(post, addressed)) return null;
  return visibilityOf(note, author.followersUri) === 'FOLLOWERS' ? 'FOLLOWERS' : 'MENTIONED';
}

function isForAllWhoSee(post: Audience, addressed: ReadonlySet<string>): boolean {
  if (post.visibility === 'MENTIONED')
    return [post.authorUri, ...post.mentioned].every((uri) => addressed.has(uri));
  const followers = post.isLocal ? localFollowersUri(post.authorUri) : post.followersUri;
  return post.visibility === 'FOLLOWERS' && followers !== null && addressed.has(followers);
}
