// Sounds that differ like music does, and videos in which they are heard.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Listening } from '../../src/media/listening.js';
import { statement } from '../../src/platform/db/database.js';
import { newId, toGlobalId } from '../../src/platform/ids.js';
import { createKeepSound } from '../../src/sounds/jobs/keep-sound.job.js';
import { innerId } from './posts.js';
import { readyVideo, sendVideo } from './videos.js';
import type { Person, World } from './world.js';

const run = promisify(execFile);

const RATE = 16_000;
const NOTE_SECONDS = 0.25;

/** Writes a tune of chords that a seed chooses, as a WAV file. */
export async function writeTune(file: string, seed: number, seconds: number): Promise<void> {
  const random = randomOf(seed);
  const pitch = () => 2 ** (Math.floor(random() * 24) / 12);
  const notes = Array.from({ length: Math.ceil(seconds / NOTE_SECONDS) }, () => [
    220 * pitch(),
    220 * pitch(),
    110 * pitch(),
  ]);
  const samples = Buffer.alloc(44 + seconds * RATE * 2);
  writeHeader(samples, seconds * RATE * 2);
  for (let place = 0; place < seconds * RATE; place++) {
    const time = place / RATE;
    const chord = notes[Math.floor(time / NOTE_SECONDS)] ?? [];
    const loudness = Math.exp(-4 * (time % NOTE_SECONDS)) * 0.1;
    const wave = (pitchHz: number) =>
      Math.sin(2 * Math.PI * pitchHz * time) + 0.5 * Math.sin(4 * Math.PI * pitchHz * time);
    const sum = chord.reduce((total, pitchHz) => total + wave(pitchHz), 0);
    samples.writeInt16LE(Math.round(sum * loudness * 32_767), 44 + place * 2);
  }
  await writeFile(file, samples);
}

function writeHeader(samples: Buffer, bytes: number): void {
  samples.write('RIFF', 0);
  samples.writeUInt32LE(36 + bytes, 4);
  samples.write('WAVEfmt ', 8);
  samples.writeUInt32LE(16, 16);
  samples.writeUInt16LE(1, 20);
  samples.writeUInt16LE(1, 22);
  samples.writeUInt32LE(RATE, 24);
  samples.writeUInt32LE(RATE * 2, 28);
  samples.writeUInt16LE(2, 32);
  samples.writeUInt16LE(16, 34);
  samples.write('data', 36);
  samples.writeUInt32LE(bytes, 40);
}

function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

/** Runs ffmpeg over what is there already. */
export async function ffmpeg(...args: readonly string[]): Promise<void> {
  await run('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args]);
}

/** A tiny video with a sound, or without one (null); answers its file. */
export async function film(directory: string, name: string, sound: string | null): Promise<string> {
  const file = path.join(directory, `${name}.mp4`);
  const picture = ['-f', 'lavfi', '-i', `color=s=64x96:r=2:d=${sound === null ? 3 : 60}`];
  const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];
  const audio = sound === null ? [] : ['-i', sound, '-map', '0:v', '-map', '1:a', '-shortest'];
  await ffmpeg(...picture, ...audio, ...codecs, '-movflags', '+faststart', file);
  return file;
}

const ADD_SOUND = statement(
  'test.add_sound',
  `with made as (
     insert into sounds (id, origin_id, duration_ms, waveform, created_at) values ($1, $2, 14000, '{50,60}', $3) returning id)
   insert into sound_uses (post_id, sound_id, source, media_id)
   select used.id, made.id, case when used.id = $2 then 'OWN' else $5 end,
     (select media_id from post_media where post_id = used.id order by position limit 1)
   from made, unnest($4::uuid[]) as used(id)
   on conflict (post_id) do update set sound_id = excluded.sound_id, source = excluded.source, media_id = excluded.media_id`,
);

/** Lets a sound be heard in posts, the first of which is its origin, as if the server had listened; answers its id. */
export async function addSound(
  world: World,
  postIds: readonly string[],
  source: 'REUSED' | 'RECOGNISED' = 'RECOGNISED',
): Promise<string> {
  const now = world.clock.now();
  const id = newId<'sound'>(now);
  const uses = postIds.map(innerId);
  await world.services.database.rows(ADD_SOUND, [id, uses[0], now, uses, source]);
  return toGlobalId('sound', id);
}

const ADD_REMIXES = statement(
  'test.add_remixes',
  `insert into remixes (media_id, author_id, kind, original_id, mixing, post_id, created_at)
   select distinct on (p.id) part.media_id, p.author_id, 'DUET', $1, '{"kind":"DUET"}', p.id, p.published_at
   from posts p join post_media part on part.post_id = p.id where p.id = any($2::uuid[])`,
);

/** Lets posts be duets of a video, as if the server had made them; answers the video. */
export async function addRemixes(
  world: World,
  originalId: string,
  postIds: readonly string[],
): Promise<string> {
  await world.services.database.rows(ADD_REMIXES, [innerId(originalId), postIds.map(innerId)]);
  return originalId;
}

const GIVE_FILE = statement(
  'test.give_file',
  `update renditions set storage_key = $2, width = 64, height = 96 where media_id = $1 and name = 'mp4'`,
);

/** A video of somebody that is ready to be published, with a real file, which is consumed; answers its global id. */
export async function readyClip(world: World, owner: Person, file: string): Promise<string> {
  const mediaId = await readyVideo(world, owner);
  const key = `renditions/${newId(world.clock.now())}`;
  await world.services.storage.putFile(key, file, 'video/mp4');
  await world.services.database.rows(GIVE_FILE, [innerId(mediaId), key]);
  return mediaId;
}

/** Publishes an own video, and lets the server listen to it; answers the post. */
export async function publishMade(
  world: World,
  author: Person,
  mediaId: string,
  common: object = {},
  listening: Listening | null = null,
): Promise<string> {
  const { post, userErrors } = await sendVideo(author, { mediaId, common });
  if (!post) throw new Error(JSON.stringify(userErrors));
  const context = { ...world.services, jobId: '0', attempt: 1 };
  if (listening)
    await createKeepSound(listening).run(context, { postId: innerId(post.id) as never });
  await world.settle();
  return post.id;
}

/** Publishes a video whose file is consumed, and lets the server listen to it; answers the post. */
export async function publishVideo(
  world: World,
  author: Person,
  file: string,
  common: object = {},
  listening: Listening | null = null,
): Promise<string> {
  return publishMade(world, author, await readyClip(world, author, file), common, listening);
}
