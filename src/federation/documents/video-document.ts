/**
 * Videos as PeerTube reads them: a `Video` in a channel.
 *
 * @source PeerTube, `VideoObject`
 */
import { lastingUrl } from '../../media/media-url.js';
import type { MediaRow, RenditionRow } from '../../media/media-row.js';
import type { Services } from '../../platform/context.js';
import { categoryDocument } from '../../posts/video-categories.js';
import type { FederatedPost } from '../federated-post.queries.js';
import { channelUri, videoUri } from '../video-channels.js';
import { activity, type Activity } from './activities.js';
import { PUBLIC } from '../../platform/activity-streams.js';
import { followersUri } from './actor-document.js';
import { CONTEXT } from './context.js';
import { addresseesOf } from './note-document.js';
import { captionsOf, durationOf, playedFile } from './video-attachment.js';

/** PeerTube takes names of 3 to 120 characters. */
const NAME = { shortest: 3, longest: 120 };
/** Pictures that PeerTube may show before a video is played. */
const POSTERS = ['full', 'large', 'medium'];
const PUBLISHED = 1;
const COMMENTS = { enabled: 1, disabled: 2 };
/** Numbers of licences, by the beginnings of their SPDX names. */
const LICENCES: readonly (readonly [RegExp, number])[] = [
  [/^CC-BY(?:-\d|$)/i, 1],
  [/^CC-BY-SA(?:-\d|$)/i, 2],
  [/^CC-BY-ND(?:-\d|$)/i, 3],
  [/^CC-BY-NC(?:-\d|$)/i, 4],
  [/^CC-BY-NC-SA(?:-\d|$)/i, 5],
  [/^CC-BY-NC-ND(?:-\d|$)/i, 6],
  [/^CC0(?:-\d|$)/i, 7],
];

/** A post as a `Video`; null for what is none, or is not for everybody. */
export function videoOf(services: Services, post: FederatedPost): object | null {
  const media = post.media.find(({ kind }) => kind === 'video');
  const file = playedFile(media);
  const isForAll = post.visibility === 'PUBLIC' || post.visibility === 'UNLISTED';
  if (post.kind !== 'video' || !media || !file || !isForAll) return null;
  const { category, language, uri } = post;
  const { origin } = services.config.publicUrl;
  return {
    id: videoUri(uri),
    type: 'Video',
    uuid: uuid4Of(post.id),
    name: nameOf(post),
    attributedTo: [
      { type: 'Person', id: post.authorUri },
      { type: 'Group', id: channelUri(post.authorUri) },
    ],
    ...addresseesOf(post),
    published: post.publishedAt.toISOString(),
    updated: (post.editedAt ?? post.publishedAt).toISOString(),
    duration: durationOf(media)?.duration ?? 'PT0S',
    ...(post.contentSource && { content: post.contentSource, mediaType: 'text/markdown' }),
    ...(category !== null && { category: categoryDocument(category) }),
    ...(language !== null && { language: { identifier: language, name: language } }),
    ...licenceOf(post),
    summary: post.contentWarning,
    sensitive: post.isSensitive || post.contentWarning !== null,
    ...settingsOf(post),
    icon: postersOf(services, media),
    url: [
      { type: 'Link', mediaType: 'text/html', href: post.url },
      fileLink(services, media, file),
    ],
    embedUrl: `${origin}/embed/${post.id}`,
    subtitleLanguage: captionsOf(services, media),
    tag: post.hashtags.map(({ displayName }) => ({ type: 'Hashtag', name: displayName })),
    likes: `${uri}/likes`,
    dislikes: `${uri}/dislikes`,
    shares: `${uri}/shares`,
    comments: `${uri}/replies`,
  };
}

/** The `Video` as a document of its own; null where there is none. */
export function videoDocument(services: Services, post: FederatedPost): object | null {
  const video = videoOf(services, post);
  return video && { '@context': CONTEXT, ...video };
}

/** A channel shows a video; `occasion` tells one that comes back from its first showing. */
export function announceVideo(
  actorUri: string,
  post: { readonly id: string; readonly uri: string; readonly publishedAt: Date },
  occasion: number | null = null,
): Activity {
  const channel = channelUri(actorUri);
  return activity('Announce', channel, {
    id: `${channel}/videos/${post.id}${occasion === null ? '' : `/${occasion}`}`,
    object: videoUri(post.uri),
    published: post.publishedAt.toISOString(),
    to: [PUBLIC],
    cc: [followersUri(channel)],
  });
}

/** PeerTube wants random ones, which those of posts are in all but the digit that says so. */
function uuid4Of(id: string): string {
  return `${id.slice(0, 14)}4${id.slice(15)}`;
}

/** The title, or how the text begins. */
function nameOf({ title, contentHtml, authorUsername }: FederatedPost): string {
  const text = contentHtml.replace(/<[^>]*>/g, ' ').replace(/&[a-z#0-9]+;/g, ' ');
  const written = (title ?? text).replace(/\s+/g, ' ').trim();
  const name = [...written].slice(0, NAME.longest).join('');
  return name.length < NAME.shortest ? `${name} @${authorUsername}`.trim() : name;
}

function settingsOf(post: FederatedPost): object {
  const { commentPolicy, allowsDownload, hidesCounts, viewCount } = post;
  const isOpen = commentPolicy === 'EVERYONE';
  return {
    state: PUBLISHED,
    waitTranscoding: false,
    isLiveBroadcast: false,
    views: hidesCounts ? 0 : viewCount,
    commentsPolicy: isOpen ? COMMENTS.enabled : COMMENTS.disabled,
    commentsEnabled: isOpen,
    downloadEnabled: allowsDownload,
  };
}

function licenceOf({ license }: FederatedPost): object | null {
  const number = LICENCES.find(([form]) => license !== null && form.test(license))?.[1];
  return number === undefined
    ? null
    : { licence: { identifier: String(number), name: String(license) } };
}

function fileLink(services: Services, media: MediaRow, file: RenditionRow): object {
  const { mimeType: mediaType, width, height, sizeBytes: size } = file;
  return { type: 'Link', mediaType, href: lastingUrl(services, media, file), width, height, size };
}

function postersOf(services: Services, media: MediaRow): object[] {
  return media.renditions
    .filter(({ name, mimeType }) => POSTERS.includes(name) && mimeType === 'image/jpeg')
    .map((rendition) => ({
      type: 'Image',
      mediaType: rendition.mimeType,
      url: lastingUrl(services, media, rendition),
      width: rendition.width,
      height: rendition.height,
    }));
}
