/** Comments here are for everybody who sees the post: what another server keeps among fewer people is none of them. */
import { statement, type Reader } from '../../platform/db/database.js';
import type { Visibility } from '../../actors/visibility.js';
import { followersUri as localFollowersUri } from '../documents/actor-document.js';
import { visibilityOf, type ReadNote } from '../internal/read-note.js';
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

/** Whether a note is addressed to everybody who sees what it answers. */
export async function isForAllWhoSee(
  reader: Reader,
  answered: KnownSubject,
  note: ReadNote,
  senderUri: string,
): Promise<boolean> {
  if (visibilityOf(note, null) !== 'MENTIONED') return true;
  const post = await reader.row<Audience>(POST_OF, [answered.id]);
  if (!post) return false;
  const addressed = new Set([...note.to, ...note.cc, senderUri]);
  if (post.visibility === 'MENTIONED')
    return [post.authorUri, ...post.mentioned].every((uri) => addressed.has(uri));
  const followers = post.isLocal ? localFollowersUri(post.authorUri) : post.followersUri;
  const isAmongFollowers = post.visibility === 'FOLLOWERS' && followers !== null;
  return isAmongFollowers && (addressed.has(followers) || senderUri === post.authorUri);
}
