/** Keeping what somebody of another server published, as read from its own document. */
import type { Services } from '../platform/context.js';
import type { PostId } from '../posts/post.entity.js';
import { saveRemotePost } from '../posts/save-remote-post.js';
import { keepRemoteEmojis } from '../emojis/keep-remote-emojis.js';
import { isSaying, visibilityOf, type ReadNote } from './internal/read-note.js';
import type { RemoteActor } from './resolve-actor.js';

/** Keeps a post of its author; null for a comment, for what says nothing, and for what is deleted or somebody else's. */
export async function keepPost(
  services: Pick<Services, 'database' | 'clock'>,
  author: RemoteActor,
  note: ReadNote,
): Promise<PostId | null> {
  if (note.inReplyTo !== null || note.authorUri !== author.uri || !isSaying(note)) return null;
  await keepRemoteEmojis(services, author.actorId, note.emojis);
  return saveRemotePost(services, {
    ...note,
    publishedAt: note.publishedAt ?? services.clock.now(),
    authorId: author.actorId,
    visibility: visibilityOf(note, author.followersUri),
    commentPolicy: note.allowsComments ? 'EVERYONE' : 'NOBODY',
    mentionedIds: [],
  });
}
