// Videos: a camera pans over a picture that was drawn, while something is heard, and ffmpeg makes a clip of it.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { MediaId } from '../../media/media.entity.js';
import { findVideoTools } from '../../media/video-tools.js';
import { processEnvironment } from '../../platform/config/environment.js';
import { recordPlayback } from '../../playback/record-playback.js';
import type { PostId } from '../../posts/post.entity.js';
import { setReaction } from '../../posts/set-reaction.js';
import { publishVideoPost } from '../../videos/publish-video-post.js';
import type { Studio } from './pictures/studio.js';
import { watchedAt, type PlannedFilm } from './plan-films.js';
import { later, type Deed } from './story.js';
import { uploadFile } from './upload-file.js';
import { altTextOf } from './words/alt-texts.js';
import { found, type World } from './world.js';

const run = promisify(execFile);

const SECONDS = 4;
const RATE = 24;
const MINUTE = 60_000;

/** A video that was uploaded; READY once the jobs have run. */
export interface Filmed {
  readonly film: PlannedFilm;
  readonly mediaId: MediaId;
}

/** Makes and uploads the videos; none where there is no ffmpeg. */
export async function shootFilms(
  world: World,
  films: readonly PlannedFilm[],
  { studio, onProgress }: { studio: Studio; onProgress: (text: string) => void },
): Promise<Filmed[]> {
  const { ffmpeg } = world.services.config;
  const search = await findVideoTools({ ...ffmpeg, environment: processEnvironment() });
  if (!search.found) {
    onProgress(`No videos: ${search.reason}`);
    return [];
  }
  const filmed: Filmed[] = [];
  for (const film of films) {
    const { jpeg, ...seen } = await studio.draw(film.wish);
    const { username, language } = film.author.member;
    const bytes = await pan(world, search.binaries.ffmpegPath, film.index, jpeg);
    const altText = altTextOf(film.wish, seen, language);
    const context = await world.as(username, later(film.at, -10 * MINUTE));
    const file = { bytes, type: 'video/mp4', altText, purpose: 'POST' } as const;
    filmed.push({ film, mediaId: await uploadFile(context, file) });
    world.tally.videos += 1;
  }
  return filmed;
}

/** A clip for telephones: from one side of the picture to the other, with a tune of its own. */
async function pan(
  world: World,
  ffmpeg: string,
  index: number,
  jpeg: Uint8Array,
): Promise<Uint8Array> {
  await using directory = await world.services.scratch.directory();
  const [picture, clip] = ['picture.jpg', 'clip.mp4'].map((name) =>
    path.join(directory.path, name),
  ) as [string, string];
  await writeFile(picture, jpeg);
  const camera = `scale=-2:960,crop=540:960:x=(in_w-540)*t/${SECONDS}:y=0,format=yuv420p`;
  const base = 200 + 30 * index;
  const tune = `0.2*sin(2*PI*t*(${base}+40*floor(mod(t*${2 + (index % 3)},${4 + index}))))`;
  const input = ['-nostdin', '-v', 'error', '-loop', '1', '-framerate', String(RATE)];
  const heard = ['-f', 'lavfi', '-i', `aevalsrc='${tune}':s=48000`];
  const codecs = ['-c:v', 'libx264', '-preset', 'veryfast', '-g', String(RATE), '-c:a', 'aac'];
  const options = ['-t', String(SECONDS), '-vf', camera, ...codecs];
  await run(ffmpeg, [...input, '-i', picture, ...heard, ...options, clip]);
  return await readFile(clip);
}

/** Publishing a video, and all who watch it. */
export function filmDeeds({ film, mediaId }: Filmed, end: Date): Deed[] {
  let postId: PostId | null = null;
  const publication: Deed = {
    at: film.at,
    run: async (world) => {
      postId = await publishFilm(world, film, mediaId);
      world.tally.posts += 1;
    },
  };
  const views = film.audience.flatMap(({ member, likes }, nth): Deed[] => {
    const at = watchedAt(film, nth);
    if (at >= end) return [];
    const watch = async (world: World): Promise<void> => {
      const subjectId = found(postId, 'a video');
      const context = await world.as(member.member.username, at);
      await recordPlayback(context, [viewOf(subjectId, nth)]);
      if (!likes) return;
      await setReaction(context, { subjectId, content: '❤' });
      world.tally.reactions += 1;
    };
    return [{ at, run: watch }];
  });
  return [publication, ...views];
}

async function publishFilm(world: World, film: PlannedFilm, mediaId: MediaId): Promise<PostId> {
  const { username, language } = film.author.member;
  return publishVideoPost(await world.as(username, film.at), {
    mediaId,
    caption: film.caption,
    language,
    visibility: 'PUBLIC',
    commentPolicy: null,
    contentWarning: null,
    isSensitive: false,
    aiDisclosure: 'NONE',
    license: null,
    placeId: null,
    quotePolicy: null,
    quotedPostId: null,
    video: { title: film.title, category: 'Travels', allowsDownload: film.index % 2 === 0 },
  });
}

/** Every third one stops in the middle. */
function viewOf(postId: PostId, nth: number) {
  const isCompleted = nth % 3 > 0;
  const watchedMs = (isCompleted ? SECONDS : SECONDS / 2) * 1000;
  const positionMs = isCompleted ? null : watchedMs;
  return { postId, playbackKey: null, watchedMs, isCompleted, positionMs };
}
