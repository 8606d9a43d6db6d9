// The words that ffmpeg is told for one decode and all that is made of it.
import path from 'node:path';
import { SEGMENT_SECONDS } from './encoders.js';
import type { Ladder, Rung } from './ladder.js';
import type { VideoSource } from './probe.js';
import { levellingFilters, type SoundPlan } from './loudness.js';
import type { FfmpegOutput } from './run-ffmpeg.js';

/**
 * Where the time line of every playlist begins. Frames that refer to later ones have times before it, which the format
 * cannot hold below zero: picture and sound would be shifted by different amounts.
 */
export const ORIGIN_SECONDS = 1;

/** File name of a video without its type: name of its rendition, too. */
export function rungFile(rung: Pick<Rung, 'name'>): string {
  return `video-${rung.name}`;
}

/** File name of a playlist without its type. */
export function playlistOf(name: string): string {
  return name === 'audio' ? 'hls-audio' : name.replace('video-', 'hls-');
}

/** Decodes once, and makes each rung of it: `[v0]`, `[v1]`, … */
export function ladderFilter(
  source: VideoSource,
  ladder: Ladder,
  rungs: readonly Rung[],
  upload: string | null,
): string {
  const last = upload === null ? '' : `,${upload}`;
  const outputs = rungs.map((_, index) => `[s${index}]`).join('');
  const scaled = rungs.map(
    ({ width, height }, index) =>
      `[s${index}]scale=${width}:${height}:flags=bicubic,setsar=1${last}[v${index}]`,
  );
  const prepared = prepare(source, ladder).join(',');
  return [`[0:${source.video.index}]${prepared},split=${rungs.length}${outputs}`, ...scaled].join(
    ';',
  );
}

/** One frame, upright and in the colours of a usual screen. */
export function frameFilter(
  source: VideoSource,
  ladder: Ladder,
  choose: readonly string[],
): string {
  const [top] = ladder.rungs;
  const scale = `scale=${top?.width}:${top?.height}:flags=bicubic,setsar=1`;
  return [...choose, ...toneMap(source), scale].join(',');
}

function prepare(source: VideoSource, { frameRate, rungs }: Ladder): string[] {
  const { isHdr, isInterlaced } = source.video;
  const [top] = rungs;
  return [
    ...(isInterlaced ? ['yadif=deint=interlaced'] : []),
    ...(frameRate === null ? [] : [`fps=${frameRate}`]),
    // Colours of light are reckoned per pixel: fewer of them first.
    ...(isHdr ? [`scale=${top?.width}:${top?.height}:flags=bicubic`] : []),
    ...toneMap(source),
    'format=yuv420p',
  ];
}

function toneMap({ video }: VideoSource): string[] {
  if (!video.isHdr) return [];
  return [
    'zscale=t=linear:npl=100',
    'format=gbrpf32le',
    'zscale=p=bt709',
    'tonemap=mobius:desat=0',
    'zscale=t=bt709:m=bt709:r=tv',
    'format=yuv420p',
  ];
}

/** How sound is encoded; it begins with the picture, gaps in it are filled, and its loudness is evened out. */
export function audioOptions({ isCopied, levelling }: SoundPlan): string[] {
  if (isCopied) return ['-c:a', 'copy'];
  // Measuring loudness raises the rate of samples: it is set afterwards.
  const filters = [
    'aresample=async=1:first_pts=0',
    ...levellingFilters(levelling),
    'aresample=48000',
  ];
  const encoded = ['-c:a', 'aac', '-b:a', '128k', '-ar', '48000', '-ac', '2'];
  return ['-af', filters.join(','), ...encoded];
}

/** One file with byte ranges and its playlist. */
export function hlsOutput(
  directory: string,
  name: string,
  options: readonly string[],
): FfmpegOutput {
  return {
    file: path.join(directory, `${playlistOf(name)}.m3u8`),
    options: [
      ...options,
      '-map_metadata',
      '-1',
      '-map_chapters',
      '-1',
      '-output_ts_offset',
      String(ORIGIN_SECONDS),
      '-muxdelay',
      '0',
      '-f',
      'hls',
      '-hls_time',
      String(SEGMENT_SECONDS),
      '-hls_playlist_type',
      'vod',
      '-hls_segment_type',
      'fmp4',
      '-hls_flags',
      'single_file+independent_segments',
      '-hls_segment_filename',
      path.join(directory, `${name}.mp4`),
    ],
  };
}
