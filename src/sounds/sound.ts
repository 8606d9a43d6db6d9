/** Words of sounds. */
import type { Id } from '../platform/ids.js';

/** Identity of a sound. */
export type SoundId = Id<'sound'>;

/** How a video came to its sound. */
export const SOUND_SOURCES = {
  OWN: 'It was first heard in this video.',
  REUSED: 'Its author took it from another video.',
  RECOGNISED:
    'The server recognised the sound of an earlier video in it. Its author can dispute that by disputeSound.',
} as const;

/** One of the ways. */
export type SoundSource = keyof typeof SOUND_SOURCES;
