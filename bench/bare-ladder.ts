// What one would type to make the files of a video by hand, with nothing looked at before or afterwards.
import { execFileSync } from 'node:child_process';
import path from 'node:path';

/** Of a clip of 720×1280. */
const RUNGS = [
  { name: 720, width: 720, height: 1280, maxBitRate: 3_000_000 },
  { name: 480, width: 480, height: 854, maxBitRate: 1_400_000 },
] as const;

const SOUND = ['-map', '0:1', '-af', 'loudnorm=I=-16:TP=-1.5:LRA=11,aresample=48000'];
SOUND.push('-c:a', 'aac', '-b:a', '128k', '-ac', '2');

/** Makes two qualities, sound, one whole file, a still picture, a sheet of pictures and a moving one. */
export function makeByHand(file: string, directory: string): void {
  const within = (name: string): string => path.join(directory, name);
  ffmpeg([
    '-i',
    file,
    '-filter_complex',
    filter(),
    ...pictures(within),
    ...hls(within, 'audio', SOUND),
  ]);
  const whole = ['-map', '0:0', '-map', '1:0', '-c', 'copy', '-movflags', '+faststart'];
  ffmpeg(['-i', within('video-720.mp4'), '-i', within('audio.mp4'), ...whole, within('whole.mp4')]);
  const still = ['-vf', 'thumbnail=24', '-frames:v', '1', '-compression_level', '1'];
  ffmpeg(['-ss', '1', '-i', file, ...still, within('poster.png')]);
  const small = within('video-480.mp4');
  const sheet = ['-vf', 'scale=90:160,tile=4x1', '-frames:v', '1', within('sprite.jpg')];
  ffmpeg(['-skip_frame', 'nokey', '-i', small, ...sheet]);
  const moving = ['-vf', 'fps=8,scale=135:240', '-c:v', 'libwebp_anim', '-q:v', '60'];
  moving.push('-compression_level', '2', within('preview.webp'));
  ffmpeg(['-ss', '1.2', '-t', '3', '-i', small, ...moving]);
}

function filter(): string {
  const splits = RUNGS.map(({ name }) => `[s${name}]`).join('');
  const scaled = RUNGS.map(
    ({ name, width, height }) => `[s${name}]scale=${width}:${height}:flags=bicubic[v${name}]`,
  );
  return [`[0:0]format=yuv420p,split=${RUNGS.length}${splits}`, ...scaled].join(';');
}

function pictures(within: (name: string) => string): string[] {
  return RUNGS.flatMap(({ name, maxBitRate }) => {
    const words = ['-map', `[v${name}]`, '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23'];
    words.push('-profile:v', 'high', '-maxrate', String(maxBitRate));
    words.push('-bufsize', String(2 * maxBitRate), '-force_key_frames', 'expr:gte(t,n_forced*2)');
    words.push('-g', '600', '-keyint_min', '1', '-sc_threshold', '0', '-flags', '+cgop');
    return hls(within, `video-${name}`, words);
  });
}

function hls(within: (name: string) => string, name: string, words: readonly string[]): string[] {
  const playlist = ['-f', 'hls', '-hls_time', '2', '-hls_playlist_type', 'vod'];
  playlist.push('-hls_segment_type', 'fmp4', '-hls_flags', 'single_file+independent_segments');
  playlist.push('-hls_segment_filename', within(`${name}.mp4`));
  return [...words, ...playlist, within(`${name}.m3u8`)];
}

function ffmpeg(words: readonly string[]): void {
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...words]);
}
