/** Assets by id: what is seen without stories, and the pictures of stories that the viewer sees. */
import { toMediaSource, type MediaSource } from '../../media/graphql/media.loader.js';
import type { MediaId } from '../../media/media.entity.js';
import { findMedia } from '../../media/media.queries.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { defineNode } from '../../platform/graphql/node.js';
import { seenMediaLoader } from '../../posts/graphql/post-media.loader.js';
import { findSeenStoryMedia } from '../stories.queries.js';

const anyMediaLoader = defineLoader<MediaId, MediaSource>(async (context, ids) => {
  const seen = await Promise.all(ids.map((id) => load(context, seenMediaLoader, id)));
  const found = new Map(seen.flatMap((media) => (media ? [[media.id, media] as const] : [])));
  const others = ids.filter((id) => !found.has(id));
  if (others.length === 0) return found;
  const viewerId = context.readerId;
  const { database, clock } = context;
  const inStories = await findSeenStoryMedia(database, others, viewerId, clock.now());
  const ends = new Map(inStories.map(({ mediaId, linksEnd }) => [mediaId, linksEnd]));
  for (const row of await findMedia(database, [...ends.keys()]))
    found.set(row.id, { ...toMediaSource(row), linksEnd: ends.get(row.id) ?? null });
  return found;
});

/** `media_…` ids. */
export const mediaNode = defineNode(
  'media',
  ['ImageMedia', 'VideoMedia', 'FileMedia'],
  anyMediaLoader,
);
