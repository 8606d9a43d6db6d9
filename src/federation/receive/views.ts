/**
 * View: PeerTube tells that somebody there has watched a video of ours, one for each person and hour. Who it was it does
 * not tell, so its word is believed up to a bound.
 *
 * @source PeerTube, `send-view.ts`
 */
import { countViewElsewhere } from '../../playback/count-view-elsewhere.js';
import type { RateLimit } from '../../platform/rate-limiter.js';
import { siteOf } from '../../platform/site-of.js';
import type { PostId } from '../../posts/post.entity.js';
import { idOf } from '../internal/read-properties.js';
import { findSubject, Unwanted, type Handler } from './receiving.js';

/** Of one video, by the servers of one domain. */
export const VIEWS: RateLimit = {
  name: 'views_elsewhere',
  points: 1_000,
  windowSeconds: 24 * 3600,
  failsClosed: true,
};

/** Whoever is watching right now is told again and again, with an end (`expiration` before version 6.1): no view. */
export const handleView: Handler = async ({ context, sender, activity }) => {
  const { body } = activity;
  const uri = idOf(body['object']);
  const isWatching = body['expires'] !== undefined || body['expiration'] !== undefined;
  const subject = uri === null || isWatching ? null : await findSubject(context.database, uri);
  if (subject?.kind !== 'video' || !subject.isLocal) throw new Unwanted();
  const key = `${siteOf(sender.host)}/${subject.id}`;
  if ((await context.rateLimiter.charge(VIEWS, key)).isExceeded) throw new Unwanted();
  const { database, clock } = context;
  if (!(await countViewElsewhere(database, subject.id as PostId, clock.now())))
    throw new Unwanted();
};
