/** Playlists and captions of other servers: read whole, checked, and made anew. */
import { createHash } from 'node:crypto';
import type { Services } from '../../../platform/context.js';
import type { OutsideAnswer } from '../../../platform/http-client.js';
import { innerTerm, PLAYLIST } from '../../media-url.js';
import { innerRemoteUrl } from '../../remote-video-url.js';
import { VideoRefused } from './open-video.js';
import type { RemoteRequest } from './remote-request.js';
import { rewritePlaylist } from './rewrite-playlist.js';

const LIMITS = { timeoutMs: 15_000, maxRedirects: 3 };
const MOST_BYTES = 2 * 1024 * 1024;
/** What servers call both that know no better. */
const VAGUE = ['application/octet-stream', 'binary/octet-stream', 'text/plain'];
const PLAYLIST_TYPES = [
  PLAYLIST,
  'application/x-mpegurl',
  'audio/mpegurl',
  'audio/x-mpegurl',
  ...VAGUE,
];
const CAPTION_TYPES = ['text/vtt', ...VAGUE];

/** @throws {PlaylistRefused} or {OutsideUnavailable} */
export async function servePlaylistOf(services: Services, asked: RemoteRequest): Promise<void> {
  const found = await read(services, asked, PLAYLIST_TYPES);
  const hosts = new Set([...asked.hosts, new URL(found.url).host]);
  const term = innerTerm(services, asked.term, asked.durationMs);
  const text = rewritePlaylist(found.body.toString(), {
    base: found.url,
    hosts,
    addressOf: (kind, url) => innerRemoteUrl(services, asked.mediaId, term, { kind, url }),
  });
  // what a cache kept would end sooner
  asked.response.setHeader('Cache-Control', 'private, no-cache');
  answer(asked, PLAYLIST, text);
}

/** @throws {VideoRefused} or {OutsideUnavailable} */
export async function serveCaptions(services: Services, asked: RemoteRequest): Promise<void> {
  const { body } = await read(services, asked, CAPTION_TYPES);
  const text = body.toString().replace(/^\uFEFF/, '');
  if (!/^WEBVTT(?:[ \t\r\n]|$)/.test(text)) throw new VideoRefused('GONE', 'No captions.');
  asked.response.setHeader('Cache-Control', 'private, max-age=3600');
  answer(asked, 'text/vtt; charset=utf-8', withoutStyles(text));
}

function read(
  { http }: Services,
  { url }: RemoteRequest,
  contentTypes: readonly string[],
): Promise<OutsideAnswer> {
  return http.get(url, { ...LIMITS, maxBytes: MOST_BYTES, contentTypes });
}

/** A style sheet may lead a player to other servers. */
export function withoutStyles(text: string): string {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .split(/\n{2,}/)
    .filter((block) => !/^STYLE[ \t\f]*(?:\n|$)/.test(block))
    .join('\n\n');
}

function answer({ request, response }: RemoteRequest, type: string, text: string): void {
  response.setHeader('Content-Type', type);
  response.setHeader('ETag', `"${createHash('sha256').update(text).digest('base64url')}"`);
  if (request.fresh) response.status(304).end();
  else response.end(text);
}
