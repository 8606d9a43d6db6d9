/**
 * Playlists of private videos: every file that one leads to gets a signature of its own when it is fetched, so that the
 * one signed address that a client was given plays the video, seeks in it and changes its quality.
 */
import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { Request, Response } from 'express';
import type { Services } from '../../platform/context.js';
import { innerQuery, innerTerm, PLAYLIST, type SignedTerm } from '../media-url.js';
import type { MediaId } from '../media.entity.js';
import { openObject, type ServedObject } from './serve-object.js';

/** Largest playlist that is read into memory; the longest video that is taken has a hundredth of it. */
const MOST_BYTES = 2 * 1024 * 1024;

/** Name of the track that leads to parts of the sprite sheet, for scrubbing. */
const SPRITES = 'sprite-vtt';

/** A file name of a rendition, as our own playlists and tracks name it: beside them. */
const FILE = /^([a-z0-9]+(?:-[a-z0-9]+)*)\.[a-z0-9]{1,5}(?=#|$)/;
const URI = /URI="([^"]*)"/g;

/** What to serve, and what the signature said with which it was asked for. */
export interface SignedPlaylist extends ServedObject {
  readonly mediaId: MediaId;
  readonly mimeType: string;
  readonly term: SignedTerm;
  /** Of the video; null = not known. */
  readonly durationMs: number | null;
}

/** Whether a rendition is a text that leads to others. */
export function leadsToOthers({ name, mimeType }: { name: string; mimeType: string }): boolean {
  return mimeType === PLAYLIST || name === SPRITES;
}

/** Answers with the playlist, its addresses signed. Its entity tag is that of the text, which changes with them. */
export async function servePlaylist(
  services: Services,
  playlist: SignedPlaylist,
  request: Request,
  response: Response,
): Promise<void> {
  if (Number(playlist.sizeBytes) > MOST_BYTES)
    throw new Error(`${playlist.key} is no playlist of this server`);
  const stored = await openObject(services, playlist.key, null, response);
  if (!stored) return;
  const term = innerTerm(services, playlist.term, playlist.durationMs);
  const text = signLines((await buffer(stored)).toString(), (name) =>
    innerQuery(services, playlist.mediaId, name, term),
  );
  response.setHeader('ETag', `"${createHash('sha256').update(text).digest('base64url')}"`);
  // what a cache kept would end sooner
  response.setHeader('Cache-Control', 'private, no-cache');
  if (request.fresh) response.status(304).end();
  else response.end(text);
}

/** Puts `queryOf(name)` behind every file name of a rendition. */
export function signLines(text: string, queryOf: (name: string) => string): string {
  const queries = new Map<string, string>();
  const signed = (address: string): string => {
    const [file, name] = FILE.exec(address) ?? [];
    if (file === undefined || name === undefined) return address;
    const query = queries.get(name) ?? queryOf(name);
    queries.set(name, query);
    return file + query + address.slice(file.length);
  };
  return text
    .split('\n')
    .map((line) =>
      line.startsWith('#')
        ? line.replace(URI, (_whole, address: string) => `URI="${signed(address)}"`)
        : signed(line),
    )
    .join('\n');
}
