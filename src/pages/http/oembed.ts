/** What other sites show in the place of a link to a post. @source oembed.com */
import type { Request } from 'express';
import { instanceSettings } from '../../accounts/instance-settings.js';
import { escapeHtml } from '../../accounts/http/plain-page.js';
import type { Services } from '../../platform/context.js';
import { localeOf } from '../../platform/messages/accept-language.js';
import type { PostRow } from '../../posts/post.queries.js';
import { warningOf } from './post-page.js';
import { findOpenPost, nameOf, picturesOf, shortened, textOf } from './shown.js';
import { videoOf, type ShownVideo } from './video-player.js';

const TITLE = 200;
const CACHE_SECONDS = 3600;
/** Of a frame with a video, where the site says nothing: as much as a column of text has. */
const LARGEST = { width: 640, height: 720 };
/** What the way to the post takes below the video. */
const LINK_HEIGHT = 36;

/** The answer; null for what is no post that everybody may see. */
export async function oembed(services: Services, request: Request): Promise<object | null> {
  const { origin } = services.config.publicUrl;
  const { url, format } = request.query;
  const isOurs = typeof url === 'string' && url.startsWith(`${origin}/posts/`);
  if (!isOurs || (format !== undefined && format !== 'json')) return null;
  const post = await findOpenPost(services, url.slice(`${origin}/posts/`.length));
  if (!post) return null;
  const { name } = await instanceSettings(services.database, services.config);
  const author = { displayName: post.authorDisplayName, username: post.authorUsername };
  const warning = warningOf(post, localeOf(request));
  return {
    version: '1.0',
    title: shortened(warning ?? post.title ?? textOf(post.caption), TITLE),
    author_name: nameOf(author),
    author_url: post.authorUrl,
    provider_name: name,
    provider_url: `${origin}/`,
    cache_age: CACHE_SECONDS,
    ...shownAs(services, post, request),
  };
}

/** Behind a warning there is only the way to it. */
function shownAs(services: Services, post: PostRow, request: Request): object {
  if (post.contentWarning !== null || post.isSensitive) return { type: 'link' };
  const [picture] = picturesOf(services, post, 'page');
  const video = videoOf(services, post);
  if (video) return frameOf(services, post, video, request);
  if (!picture) return { type: 'link' };
  return { type: 'photo', url: picture.url, width: picture.width, height: picture.height };
}

function frameOf(
  { config }: Services,
  post: PostRow,
  { width, height, altText, poster }: ShownVideo,
  { query }: Request,
): object {
  const most = {
    width: sideOf(query['maxwidth']) ?? LARGEST.width,
    height: (sideOf(query['maxheight']) ?? LARGEST.height) - LINK_HEIGHT,
  };
  const scale = Math.min(1, most.width / width, Math.max(1, most.height) / height);
  const size = {
    width: Math.max(1, Math.floor(width * scale)),
    height: Math.max(1, Math.floor(height * scale)) + LINK_HEIGHT,
  };
  const src = escapeHtml(`${config.publicUrl.origin}/embed/${post.id}`);
  const title = escapeHtml(post.title ?? altText);
  return {
    type: 'video',
    ...size,
    html: `<iframe src="${src}" width="${size.width}" height="${size.height}" title="${title}" allow="fullscreen" loading="lazy" style="border:0"></iframe>`,
    ...(poster && {
      thumbnail_url: poster.url,
      thumbnail_width: poster.width,
      thumbnail_height: poster.height,
    }),
  };
}

function sideOf(value: unknown): number | null {
  const side = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : 0;
  return side > 0 ? side : null;
}
