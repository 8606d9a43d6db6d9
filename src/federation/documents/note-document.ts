/** Posts and comments as other servers read them: a Note with its pictures. @source ActivityStreams 2.0; Mastodon, Pixelfed */
import type { CommentPolicy } from '../../actors/visibility.js';
import type { MediaRow } from '../../media/media-row.js';
import type { Config } from '../../platform/config.js';
import type { Services } from '../../platform/context.js';
import { hashtagUrl } from '../../posts/content/compose-content.js';
import { PUBLIC } from '../../platform/activity-streams.js';
import type { FederatedPost, MentionedActor } from '../federated-post.queries.js';
import { stampsAt } from '../quote-authorizations.queries.js';
import { followersUri } from './actor-document.js';
import { countedCollection } from './collection-document.js';
import { CONTEXT } from './context.js';
import { digitalSourceOf } from './digital-source.js';
import { licenceAddress } from './licence.js';
import { pictureLink } from './picture-link.js';
import { videoAttachment } from './video-attachment.js';
import { emojiTags } from './emoji-document.js';
import { remixTag } from './remix-document.js';
import { quoteProperties, quoteTag, withQuoteLink, type QuoteParts } from './quote-document.js';

/** Whom something is for. */
export interface Addressees {
  readonly to: readonly string[];
  readonly cc: readonly string[];
}

/** Whom a post is for, in the words of ActivityPub. */
export function addresseesOf(post: FederatedPost): Addressees {
  const followers = followersUri(post.authorUri);
  // Who wrote the post is not told of what is for fewer people than see it, unless it is for them.
  const concerned = [post.answeredUri, post.narrowedTo === null ? post.rootAuthorUri : null];
  const among = concerned.filter((uri) => uri !== null).filter((uri) => uri !== post.authorUri);
  const named = [...new Set([...post.mentions.map(({ uri }) => uri), ...among])];
  switch (post.visibility) {
    case 'PUBLIC':
      return { to: [PUBLIC], cc: [followers, ...named] };
    case 'UNLISTED':
      return { to: [followers], cc: [PUBLIC, ...named] };
    case 'FOLLOWERS': {
      // A comment is for whoever sees the post, unless it is for the followers of who wrote it.
      const isForOwn = post.rootAuthorUri === null || post.narrowedTo !== null;
      const seeing = isForOwn ? followers : post.rootFollowersUri;
      return { to: seeing === null ? [] : [seeing], cc: named };
    }
    case 'MENTIONED':
      return { to: [...new Set([...named, ...rootMentionUrisOf(post)])], cc: [] };
    case 'LOCAL':
      return { to: named, cc: [] };
  }
}

/** Who is named in the post sees the comments on it, but those for fewer people. */
function rootMentionUrisOf({
  authorUri,
  narrowedTo,
  rootMentionUris,
}: Pick<FederatedPost, 'authorUri' | 'narrowedTo' | 'rootMentionUris'>): readonly string[] {
  return narrowedTo === null ? rootMentionUris.filter((uri) => uri !== authorUri) : [];
}

/** The object alone, without a context: as it is embedded in activities. */
export function noteOf(services: Services, post: FederatedPost): object {
  const { config } = services;
  const quote = quoteOf(config, post);
  const licence = licenceAddress(post.license);
  const source = digitalSourceOf(post.aiDisclosure);
  const content = quote ? withQuoteLink(post.contentHtml, quote) : post.contentHtml;
  return {
    id: post.uri,
    type: 'Note',
    url: post.url,
    attributedTo: post.authorUri,
    ...addresseesOf(post),
    published: post.publishedAt.toISOString(),
    ...(post.editedAt && { updated: post.editedAt.toISOString() }),
    inReplyTo: post.inReplyTo,
    summary: post.contentWarning,
    sensitive: post.isSensitive || post.contentWarning !== null,
    content,
    ...(post.language !== null && { contentMap: { [post.language]: content } }),
    ...(post.contentSource !== null && {
      source: { content: post.contentSource, mediaType: 'text/markdown' },
    }),
    attachment: post.media
      .map((media) => attachment(services, media))
      .filter((one) => one !== null),
    tag: [
      // Mastodon tells nobody of an answer who is not mentioned in it.
      ...[...post.mentions, ...post.addressed].map((one) => mention(config.publicUrl.host, one)),
      ...post.hashtags.map((hashtag) => hashtagDocument(config, hashtag)),
      ...emojiTags(services, post.emojis),
      ...(quote ? [quoteTag(quote)] : []),
      ...(post.remix ? [remixTag(config.publicUrl.host, post.remix)] : []),
    ],
    // Numbers would make each copy another one; objects, as Mastodon looks into them.
    replies: `${post.uri}/replies`,
    likes: countedCollection(`${post.uri}/likes`, null),
    shares: countedCollection(`${post.uri}/shares`, null),
    ...(quote && quoteProperties(quote)),
    ...(post.kind !== 'comment' && policies(post)),
    ...(licence !== null && { license: licence }),
    ...(source !== null && { digitalSourceType: source }),
    ...approvalOf(post),
    ...(post.place && { location: { type: 'Place', ...post.place } }),
  };
}

/** That a comment may stand, in the words of the server that says so: no other one would find a stamp there. */
function approvalOf({ approval }: FederatedPost): object | null {
  if (!approval) return null;
  const { uri, isActivity } = approval;
  return isActivity ? { replyApproval: uri } : { replyAuthorization: uri, approvedBy: uri };
}

/** Who quotes a post of this server has its author's leave from the start. */
function quoteOf(config: Config, { id, quote }: FederatedPost): QuoteParts | null {
  if (!quote?.isLocal) return quote;
  return { ...quote, authorizationUri: `${stampsAt(config.publicUrl.origin)}${id}` };
}

/** The object as a document of its own. */
export function noteDocument(services: Services, post: FederatedPost): object {
  const [likes, shares] = [likesDocument(post), sharesDocument(post)];
  return { '@context': CONTEXT, ...noteOf(services, post), likes, shares };
}

/** How many like a post or comment; who does is not told. */
export function likesDocument({ uri, hidesCounts, likeCount }: FederatedPost): object {
  return countedCollection(`${uri}/likes`, hidesCounts ? null : likeCount);
}

/** How many passed a post on; who did is not told. */
export function sharesDocument({ uri, hidesCounts, repostCount }: FederatedPost): object {
  return countedCollection(`${uri}/shares`, hidesCounts ? null : repostCount);
}

/** Nobody votes against anything here; PeerTube asks how many do. */
export function dislikesDocument({ uri }: FederatedPost): object {
  return countedCollection(`${uri}/dislikes`, 0);
}

/** A hashtag and its page. */
export function hashtagDocument(
  config: Pick<Config, 'publicUrl'>,
  { name, displayName }: { readonly name: string; readonly displayName: string },
): object {
  return { type: 'Hashtag', href: hashtagUrl(config, name), name: `#${displayName}` };
}

/** What stands where something was. */
export function tombstone({ uri }: Pick<FederatedPost, 'uri'>): object {
  return { id: uri, type: 'Tombstone' };
}

function attachment(services: Services, media: MediaRow): object | null {
  if (media.kind === 'video') return videoAttachment(services, media);
  const link = pictureLink(services, media);
  if (!link) return null;
  return {
    type: 'Document',
    mediaType: link.mimeType,
    url: link.url,
    name: media.altText,
    blurhash: media.blurhash,
    focalPoint: [media.focalX, media.focalY],
    width: link.width,
    height: link.height,
  };
}

/** Names somebody. */
export function mention(host: string, { uri, username, domain }: MentionedActor): object {
  return { type: 'Mention', href: uri, name: `@${username}@${domain ?? host}` };
}

/** Who may comment and quote, in the words of Pixelfed and GoToSocial. */
function policies(post: FederatedPost): object {
  const { commentPolicy, quotePolicy, authorUri, visibility } = post;
  const named = post.mentions.map(({ uri }) => uri);
  const open = commentPolicy !== 'NOBODY';
  const everybody = visibility === 'PUBLIC' || visibility === 'UNLISTED';
  const sharing = everybody ? [PUBLIC] : [authorUri];
  const allowed = (policy: CommentPolicy): string[] => {
    if (policy === 'EVERYONE') return [PUBLIC];
    if (policy === 'FOLLOWERS') return [followersUri(authorUri)];
    if (policy === 'FOLLOWING') return [`${authorUri}/following`];
    return policy === 'MENTIONED' && named.length > 0 ? named : [authorUri];
  };
  return {
    commentsEnabled: open,
    capabilities: {
      announce: everybody ? PUBLIC : null,
      like: PUBLIC,
      reply: commentPolicy === 'EVERYONE' ? PUBLIC : null,
    },
    interactionPolicy: {
      canLike: { automaticApproval: [PUBLIC] },
      canAnnounce: { automaticApproval: sharing },
      canReply: { automaticApproval: allowed(commentPolicy) },
      canQuote: { automaticApproval: allowed(quotePolicy) },
    },
  };
}
