/** Turns a post that is there into a tombstone, and everything that counts or shows it follows. */
import type { Transaction } from '../../platform/db/database.js';
import { postDeleted } from '../posts.events.js';
import { dropAlbums, type AlbumOwner } from './album.js';
import { eraseContent } from './erase-content.js';
import { countPost } from './post-quota.js';

/** Erases a post. Its caller holds the post's lock and has made sure that it is there. */
export async function erasePost(tx: Transaction, now: Date, post: AlbumOwner): Promise<void> {
  const { id: postId, authorId, visibility } = post;
  const isArchived = post.archivedAt != null;
  await dropAlbums(tx, now, [postId]);
  await eraseContent(tx, [postId], now);
  if (!isArchived) await countPost(tx, authorId, visibility, -1);
  await tx.append(postDeleted, { postId, authorId, visibility, isArchived });
}
