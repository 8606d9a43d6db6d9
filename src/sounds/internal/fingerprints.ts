/** Which earlier sound is heard in a new one: candidates by index, then one comparison each. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Reader, type Transaction } from '../../platform/db/database.js';
import type { PostId } from '../../posts/post.entity.js';
import { postListedTo } from '../../posts/visibility.js';
import type { SoundId } from '../sound.js';
import { compareFingerprints } from './compare-fingerprints.js';

/** Lower bits of a word that its key leaves out: they are the least steady. */
const LOOSE_BITS = 4;

/** Keys of a new sound that are looked up. */
const KEYS_ASKED = 240;

/** Sounds looked at for each key, the earliest first, so that what many sounds share costs no more. */
const SOUNDS_PER_KEY = 16;

/** Sounds that are compared, those with most common keys first. */
const CANDIDATES = 16;

/** Share of the shorter sound that must be heard in the other one. */
const SHARE = 0.6;

const SAVE = statement(
  'sounds.save_fingerprint',
  `insert into sound_fingerprints (sound_id, words) values ($1, $2) on conflict (sound_id) do nothing`,
);
const SAVE_KEYS = statement(
  'sounds.save_keys',
  `insert into sound_fingerprint_keys (key, sound_id) select key, $1 from unnest($2::int[]) as new(key)
   on conflict (key, sound_id) do nothing`,
);
const WORDS = statement('sounds.words', 'select words from sound_fingerprints where sound_id = $1');

// What its author lets nobody else see is compared with nothing, and so is what a block stands before.
const SIMILAR = statement(
  'sounds.similar',
  `select s.id, f.words from (
     select hit.sound_id from unnest($1::int[]) as asked(key) cross join lateral (
       select sound_id from sound_fingerprint_keys k where k.key = asked.key order by sound_id limit ${SOUNDS_PER_KEY}) hit
     group by hit.sound_id order by count(*) desc, hit.sound_id limit ${CANDIDATES}) common
   join sounds s on s.id = common.sound_id join sound_fingerprints f on f.sound_id = s.id join posts o on o.id = s.origin_id
   where o.id < $3 and o.visibility in ('PUBLIC', 'UNLISTED') and ${postListedTo('o', '$2::uuid')} order by o.id`,
);

/** Keys by which a sound is found: its different words, without their loose bits. */
export function keysOf(words: Uint32Array): number[] {
  return [...new Set(Array.from(words, (word) => word >>> LOOSE_BITS))];
}

/** Every so many of them, so that the keys of a long sound come from all of it. */
function sample(keys: readonly number[], most: number): number[] {
  const step = Math.max(1, keys.length / most);
  return Array.from(
    { length: Math.min(keys.length, most) },
    (_, place) => keys[Math.floor(place * step)] ?? 0,
  );
}

/** The earliest sound that everybody and the author of a new video see, and that is heard in it; null = none. */
export async function findEarlierSound(
  reader: Reader,
  words: Uint32Array,
  post: { readonly id: PostId; readonly authorId: ActorId },
): Promise<SoundId | null> {
  const keys = sample(keysOf(words), KEYS_ASKED);
  const found = await reader.rows<{ id: SoundId; words: Buffer }>(SIMILAR, [
    keys,
    post.authorId,
    post.id,
  ]);
  return found.find((candidate) => isSameSound(words, readWords(candidate.words)))?.id ?? null;
}

/** Whether one sound is heard in the other for most of the shorter one. */
export function isSameSound(one: Uint32Array, other: Uint32Array): boolean {
  const match = compareFingerprints(one, other);
  return match !== null && match.length >= SHARE * Math.min(one.length, other.length);
}

/** Keeps the fingerprint of a sound. `isOriginal`: later videos may be attributed to it. */
export async function saveFingerprint(
  tx: Transaction,
  soundId: SoundId,
  words: Uint32Array,
  isOriginal: boolean,
): Promise<void> {
  await tx.rows(SAVE, [soundId, writeWords(words)]);
  if (isOriginal) await tx.rows(SAVE_KEYS, [soundId, keysOf(words)]);
}

/** Lets later videos be attributed to a sound that was taken for another one before. */
export async function makeFindable(tx: Transaction, soundId: SoundId): Promise<void> {
  const found = await tx.row<{ words: Buffer }>(WORDS, [soundId]);
  if (found) await tx.rows(SAVE_KEYS, [soundId, keysOf(readWords(found.words))]);
}

function writeWords(words: Uint32Array): Buffer {
  const bytes = Buffer.alloc(words.length * 4);
  words.forEach((word, place) => bytes.writeUInt32BE(word, place * 4));
  return bytes;
}

function readWords(bytes: Buffer): Uint32Array {
  return Uint32Array.from({ length: bytes.length / 4 }, (_, place) =>
    bytes.readUInt32BE(place * 4),
  );
}
