// Whether streams of a source can be taken over as they are: then nothing is lost and little is spent. Pure.
import type { Levelling } from './loudness.js';
import type { Rung } from './ladder.js';
import type { PacketList } from './packets.js';
import type { VideoSource } from './probe.js';

/** Between two key frames; longer ones make seeking and switching slow. */
const MAX_GAP_SECONDS = 4.5;
const MAX_FRAME_RATE = 61;
const PROFILES = ['Baseline', 'Constrained Baseline', 'Main', 'High'];
/** What encoders put before the first sample. */
const MAX_PRIMING_SECONDS = 0.1;
/** Nobody hears that sound and picture begin so far apart. */
const MAX_SHIFT_SECONDS = 0.05;
const SAMPLE_RATES = [44_100, 48_000];
/** Beyond it the sound alone would cost more than a small picture. */
export const MAX_SOUND_BIT_RATE = 200_000;

/** Whether what the file says allows to take its picture over as the top rung. */
export function mayCopyPicture({ video, bitRate, durationMs }: VideoSource, top: Rung): boolean {
  return (
    video.codec === 'h264' &&
    PROFILES.includes(video.profile) &&
    video.pixelFormat === 'yuv420p' &&
    !video.isHdr &&
    !video.isRotated &&
    !video.isInterlaced &&
    !video.isVariable &&
    video.hasSquarePixels &&
    video.frameRate <= MAX_FRAME_RATE &&
    durationMs > 0 &&
    bitRate > 0 &&
    bitRate <= top.maxBitRate &&
    top.width === video.width &&
    top.height === video.height
  );
}

/** Whether its packets allow it, too. */
export function isCopiedPicture(picture: PacketList, durationMs: number): boolean {
  const times = picture.keyFrameSeconds;
  const ends = [...times, durationMs / 1000];
  return (
    times.length > 0 &&
    picture.hiddenSeconds === 0 &&
    ends.every((time, index) => index === 0 || time - (ends[index - 1] ?? 0) <= MAX_GAP_SECONDS)
  );
}

/** Whether what the file says allows to take its sound over. */
export function mayCopySound({ audio, demuxer }: VideoSource): boolean {
  return (
    audio !== null &&
    demuxer === 'mov' &&
    audio.codec === 'aac' &&
    audio.profile === 'LC' &&
    audio.channels <= 2 &&
    SAMPLE_RATES.includes(audio.sampleRate)
  );
}

/** Whether its packets allow it, and it is as loud as it should be; `pictureSeconds` is when the picture begins. */
export function isCopiedSound(
  sound: PacketList,
  pictureSeconds: number,
  levelling: Levelling,
): boolean {
  return (
    levelling.kind === 'none' &&
    sound.isSeamless &&
    sound.hiddenSeconds <= MAX_PRIMING_SECONDS &&
    Math.abs(sound.startSeconds - pictureSeconds) <= MAX_SHIFT_SECONDS &&
    sound.bitRate <= MAX_SOUND_BIT_RATE
  );
}
