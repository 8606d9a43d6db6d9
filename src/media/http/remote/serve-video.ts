/** Passes a file of a video on, or the range that is asked for. */
import type { Services } from '../../../platform/context.js';
import { readAskedRange, type AskedRange } from './byte-range.js';
import type { KnownTypes } from './known-types.js';
import { openVideo, type Asking, type OpenVideo } from './open-video.js';
import { passOn } from './pass-on.js';
import type { RemotePlace } from './places.js';
import type { RemoteRequest } from './remote-request.js';

/** @throws {VideoRefused} or {OutsideUnavailable}, before anything was sent */
export async function serveVideo(
  { http }: Pick<Services, 'http'>,
  known: KnownTypes,
  { url, budget, place, request, response, signal }: RemoteRequest,
): Promise<void> {
  const asked = readAskedRange(request.headers.range);
  const asking = { http, known, signal };
  const video = await openFor(asking, url, asked, request.get('if-range'));
  response.setHeader('Content-Type', video.type);
  response.setHeader('Cache-Control', 'private, max-age=3600');
  response.setHeader('Accept-Ranges', 'bytes');
  if (video.etag !== null) response.setHeader('ETag', video.etag);
  if (request.fresh) {
    video.body.destroy();
    response.status(304).end();
    return;
  }
  if (video.range) {
    const { start, end, size } = video.range;
    response.status(206).setHeader('Content-Range', `bytes ${start}-${end}/${size ?? '*'}`);
  }
  if (video.length !== null) response.setHeader('Content-Length', video.length);
  if (request.method === 'HEAD') {
    video.body.destroy();
    response.end();
  } else {
    const chunks = budget.counted(measured(video.chunks, place));
    await passOn({ ...video, chunks }, response);
  }
}

/** The same bytes, whose reader keeps the place by reading them. */
async function* measured(
  chunks: AsyncIterable<Buffer>,
  place: RemotePlace,
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    yield chunk;
    place.passed(chunk.length);
  }
}

/** A viewer who has the beginning of another state of the file gets all of this one. */
async function openFor(
  asking: Asking,
  url: string,
  asked: AskedRange | null,
  ifRange: string | undefined,
): Promise<OpenVideo> {
  const video = await openVideo(asking, url, asked);
  if (!video.range || ifRange === undefined || ifRange === video.etag) return video;
  video.body.destroy();
  return openVideo(asking, url, null);
}
