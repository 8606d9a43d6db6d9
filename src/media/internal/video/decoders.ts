/**
 * What may be decoded of a stranger's file. Programs like ffmpeg know hundreds of old formats, and most of their faults
 * are in those: only what telephones, cameras, editors and browsers write is read.
 */
const PICTURES = [
  'h264',
  'hevc',
  'vp8',
  'vp9',
  'libvpx',
  'libvpx-vp9',
  'av1',
  'libdav1d',
  'libaom-av1',
  'mpeg4',
  'mpeg2video',
  'h263',
  'mjpeg',
  'prores',
  'dnxhd',
  // covers
  'png',
];
const SOUNDS = [
  'aac',
  'mp3',
  'mp3float',
  'opus',
  'libopus',
  'vorbis',
  'libvorbis',
  'flac',
  'alac',
  'ac3',
  'eac3',
  'amrnb',
  'amrwb',
  'pcm_u8',
  'pcm_s16le',
  'pcm_s16be',
  'pcm_s24le',
  'pcm_s24be',
  'pcm_s32le',
  'pcm_s32be',
  'pcm_f32le',
  'pcm_f32be',
];
const TEXTS = ['subrip', 'srt', 'ass', 'ssa', 'mov_text', 'webvtt', 'text'];

/** Options of an input, for ffmpeg and ffprobe. */
export const DECODERS: readonly string[] = [
  '-codec_whitelist',
  [...PICTURES, ...SOUNDS, ...TEXTS].join(','),
];

/** What it says of a stream that it may not decode; in brackets the name of the decoder. */
export const IS_NOT_DECODED = /Codec \(([^)]{1,40})\) not on whitelist/;
