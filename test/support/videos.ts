// Videos as rows that look processed, and what is done with them: the way there is tested elsewhere.
import { Media, type MediaId } from '../../src/media/media.entity.js';
import { statement } from '../../src/platform/db/database.js';
import { newId, toGlobalId } from '../../src/platform/ids.js';
import type { Answered } from './posts.js';
import type { Person, World } from './world.js';

/** A short file of captions; `text` is what it says. */
export function webVtt(text: string): string {
  return `WEBVTT\n\n00:00:00.100 --> 00:00:00.900\n${text}\n`;
}

const ADD_VIDEO_FILES = statement(
  'test.video_files',
  `insert into renditions (media_id, name, storage_key, mime_type, width, height, size_bytes)
   select $1::uuid, f.name, 'test/' || f.name || '/' || $1::uuid::text, f.type, f.width, f.height, f.size
   from (values ('full', 'image/jpeg', 720, 1280, 1000), ('small', 'image/webp', 360, 640, 500),
     ('mp4', 'video/mp4', 720, 1280, 900000)) as f(name, type, width, height, size)`,
);

/** A video of somebody that is ready to be published; answers its global id. Its files are rows alone. */
export async function readyVideo(
  world: World,
  owner: Pick<Person, 'actorId'>,
  overrides: Partial<
    Pick<Media, 'state' | 'altText' | 'purpose' | 'kind' | 'originalKey' | 'retries'>
  > = {},
): Promise<string> {
  const now = world.clock.now();
  const id: MediaId = newId<'media'>(now);
  await world.services.database.transaction(async (tx) => {
    tx.em.create(Media, {
      id,
      ownerId: owner.actorId,
      kind: 'video',
      purpose: 'POST',
      state: 'READY',
      mimeType: 'video/mp4',
      sizeBytes: 1_000_000n,
      storedBytes: 2_000_000n,
      width: 720,
      height: 1280,
      blurhash: 'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
      video: { durationMs: 2_500, sources: [], captions: [] },
      createdAt: now,
      updatedAt: now,
      ...overrides,
    });
    await tx.rows(ADD_VIDEO_FILES, [id]);
  });
  return toGlobalId('media', id);
}

const PUBLISH_VIDEO = `mutation ($input: PublishVideoPostInput!) { publishVideoPost(input: $input) {
  post { id } postEdge { cursor } userErrors { code path } } }`;

/** Sends publishVideoPost; `common` is put over a public post with an empty caption. */
export async function sendVideo(
  author: Person,
  input: {
    mediaId: string;
    common?: object;
    video?: object;
    tags?: object[];
    idempotencyKey?: string;
  },
): Promise<Answered<{ post: { id: string } | null; postEdge: { cursor: string } | null }>> {
  const answer = await author.graphql<{
    publishVideoPost: Answered<{
      post: { id: string } | null;
      postEdge: { cursor: string } | null;
    }>;
  }>(PUBLISH_VIDEO, { input: { ...input, common: { visibility: 'PUBLIC', ...input.common } } });
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.publishVideoPost;
}

/** Publishes a video post; answers its global id and that of the video. */
export async function publishVideo(
  world: World,
  author: Person,
  common: object = {},
  video: object = {},
): Promise<{ postId: string; mediaId: string }> {
  const mediaId = await readyVideo(world, author);
  const { post, userErrors } = await sendVideo(author, { mediaId, common, video });
  if (!post) throw new Error(JSON.stringify(userErrors));
  return { postId: post.id, mediaId };
}

const SAVE = `mutation ($input: SaveCaptionTrackInput!) { saveCaptionTrack(input: $input) {
  media { id captions { kind language label isAutomatic url } } userErrors { code message path ... on ValidationError { limit } } } }`;

/** A track as clients see it. */
export interface SeenTrack {
  readonly kind: string;
  readonly language: string;
  readonly label: string | null;
  readonly isAutomatic: boolean;
  readonly url: string;
}

/** Saves captions; English ones unless told otherwise. */
export async function saveCaptions(
  owner: Person,
  mediaId: string,
  content: string,
  more: Record<string, unknown> = {},
): Promise<Answered<{ media: { id: string; captions: SeenTrack[] } | null }>> {
  const input = { mediaId, kind: 'CAPTIONS', language: 'en', content, ...more };
  const answer = await owner.graphql<{
    saveCaptionTrack: Answered<{ media: { id: string; captions: SeenTrack[] } | null }>;
  }>(SAVE, { input });
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.saveCaptionTrack;
}
