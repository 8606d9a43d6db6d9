/** ActivityStreams objects of an archive. @source ActivityStreams 2.0 Vocabulary; the archives of Mastodon */
import type { ActorKind } from '../../actors/actor.entity.js';
import type { ActorRow } from '../../actors/actor.queries.js';
import { CONTEXT_ADDRESSES, PUBLIC, TERMS } from '../../platform/activity-streams.js';
import { categoryDocument } from '../../posts/video-categories.js';
import type { ArchivedMedia, ArchivedPost, ArchivedRepost } from './archived-posts.js';

/** What every document of an archive begins with. */
export const CONTEXT = [...CONTEXT_ADDRESSES, TERMS] as const;

const TYPES: Readonly<Record<ActorKind, string>> = {
  PERSON: 'Person',
  ORGANIZATION: 'Organization',
  GROUP: 'Group',
  BOT: 'Service',
  SERVICE: 'Application',
};

const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/avif': 'avif',
  'image/gif': 'gif',
  'image/heic': 'heic',
  'image/heif': 'heif',
  'image/tiff': 'tiff',
  'video/mp4': 'mp4',
  'video/quicktime': 'mov',
  'video/x-m4v': 'm4v',
  'video/webm': 'webm',
  'video/x-matroska': 'mkv',
  'video/matroska': 'mkv',
};

/** Where the file of a picture or video stands in an archive. */
export function mediaPath({ id, mimeType }: Pick<ArchivedMedia, 'id' | 'mimeType'>): string {
  return `media_attachments/files/${id}/original.${extensionOf(mimeType)}`;
}

/** Ending of a file of this type. */
export function extensionOf(mimeType: string): string {
  return EXTENSIONS[mimeType] ?? 'bin';
}

/** The pictures of a profile: names of files in the archive, with their types. */
export interface ProfilePictures {
  readonly icon: { readonly name: string; readonly mimeType: string } | null;
  readonly image: { readonly name: string; readonly mimeType: string } | null;
}

/** The profile. */
export function actorDocument(actor: ActorRow, { icon, image }: ProfilePictures): object {
  const picture = (file: ProfilePictures['icon']): object | undefined =>
    file ? { type: 'Image', mediaType: file.mimeType, url: file.name } : undefined;
  return {
    '@context': CONTEXT,
    id: actor.uri,
    type: TYPES[actor.kind],
    preferredUsername: actor.username,
    name: actor.displayName,
    summary: actor.bioHtml,
    url: actor.url,
    published: actor.joinedAt,
    inbox: `${actor.uri}/inbox`,
    outbox: 'outbox.json',
    followers: `${actor.uri}/followers`,
    following: `${actor.uri}/following`,
    likes: 'likes.json',
    bookmarks: 'bookmarks.json',
    manuallyApprovesFollowers: actor.isLocked,
    discoverable: actor.isDiscoverable,
    indexable: actor.isIndexable,
    ...(actor.alsoKnownAs.length > 0 && { alsoKnownAs: actor.alsoKnownAs }),
    attachment: actor.fields.map(({ name, valueHtml }) => ({
      type: 'PropertyValue',
      name,
      value: valueHtml,
    })),
    icon: picture(icon),
    image: picture(image),
  };
}

/** The publication of a post or comment. */
export function createActivity(actor: ActorRow, host: string, post: ArchivedPost): object {
  const addressed = addresseesOf(actor, host, post);
  return {
    id: `${post.uri}/activity`,
    type: 'Create',
    actor: actor.uri,
    published: post.publishedAt,
    ...addressed,
    object: {
      id: post.uri,
      type: 'Note',
      url: post.url,
      attributedTo: actor.uri,
      ...addressed,
      published: post.publishedAt,
      updated: post.editedAt ?? undefined,
      inReplyTo: post.inReplyTo,
      summary: post.contentWarning,
      sensitive: post.isSensitive,
      content: post.contentHtml,
      contentMap: post.language ? { [post.language]: post.contentHtml } : undefined,
      source:
        post.contentSource === null
          ? undefined
          : { content: post.contentSource, mediaType: 'text/markdown' },
      quote: post.quotedUri ?? undefined,
      location: post.place ? { type: 'Place', ...post.place } : undefined,
      ...(post.isVideo && videoProperties(post)),
      attachment: post.media.map(attachment),
      tag: [...post.hashtags.map(hashtag(actor)), ...post.mentions.map(mention(host))],
    },
  };
}

/** A repost. */
export function announceActivity(actor: ActorRow, { id, uri, createdAt }: ArchivedRepost): object {
  return {
    id: `${actor.uri}/reposts/${id}`,
    type: 'Announce',
    actor: actor.uri,
    published: createdAt,
    to: [PUBLIC],
    cc: [`${actor.uri}/followers`],
    object: uri,
  };
}

/** Whom a post is for. Posts for this server only are addressed to its own public. */
function addresseesOf(
  { uri }: ActorRow,
  host: string,
  { visibility, mentions }: ArchivedPost,
): { to: string[]; cc: string[] } {
  const followers = `${uri}/followers`;
  const mentioned = mentions.map((person) => person.uri);
  switch (visibility) {
    case 'PUBLIC':
      return { to: [PUBLIC], cc: [followers, ...mentioned] };
    case 'UNLISTED':
      return { to: [followers], cc: [PUBLIC, ...mentioned] };
    case 'FOLLOWERS':
      return { to: [followers], cc: mentioned };
    case 'MENTIONED':
      return { to: mentioned, cc: [] };
    case 'LOCAL':
      return { to: [`https://${host}/#Public`], cc: [followers, ...mentioned] };
  }
}

/** In the words of PeerTube. */
function videoProperties(post: ArchivedPost): object {
  const { title, category, allowsDownload, soundTitle, remixPolicies } = post;
  return {
    name: title ?? undefined,
    category: category === null ? undefined : categoryDocument(category),
    downloadEnabled: allowsDownload,
    soundTitle: soundTitle ?? undefined,
    remixPolicies: remixPolicies ?? undefined,
  };
}

function attachment(media: ArchivedMedia): object {
  return {
    type: 'Document',
    mediaType: media.mimeType,
    url: mediaPath(media),
    name: media.altText,
    width: media.width ?? undefined,
    height: media.height ?? undefined,
    blurhash: media.blurhash ?? undefined,
    duration: media.durationMs === null ? undefined : `PT${media.durationMs / 1000}S`,
    focalPoint: [media.focalX, media.focalY],
  };
}

function hashtag({ uri }: ActorRow): (name: string) => object {
  const { origin } = new URL(uri);
  return (name) => ({
    type: 'Hashtag',
    name: `#${name}`,
    href: `${origin}/tags/${encodeURIComponent(name)}`,
  });
}

function mention(host: string): (person: ArchivedPost['mentions'][number]) => object {
  return ({ uri, username, domain }) => ({
    type: 'Mention',
    href: uri,
    name: `@${username}@${domain ?? host}`,
  });
}
