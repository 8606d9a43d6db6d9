/** The newest posts of a person for feed readers. @source RFC 4287 */
import { escapeHtml } from '../../accounts/http/plain-page.js';
import type { ActorRow } from '../../actors/actor.queries.js';
import type { PostRow } from '../../posts/post.queries.js';
import { nameOf, shortened, textOf, type ShownPicture } from './shown.js';

/** What the feed is made of. */
export interface FeedParts {
  readonly person: ActorRow;
  readonly host: string;
  readonly posts: readonly { readonly post: PostRow; readonly pictures: readonly ShownPicture[] }[];
}

const TITLE = 80;

/** The feed. */
export function atomFeed({ person, host, posts }: FeedParts): string {
  const name = escapeHtml(nameOf(person));
  const url = escapeHtml(person.url);
  const newest = posts[0]?.post;
  const updated = (newest?.editedAt ?? newest?.publishedAt ?? person.joinedAt).toISOString();
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><id>${escapeHtml(person.uri)}</id><title>${name}</title>
<subtitle>@${escapeHtml(person.username)}@${escapeHtml(host)}</subtitle><updated>${updated}</updated>
<author><name>${name}</name><uri>${url}</uri></author>
<link rel="alternate" type="text/html" href="${url}"/><link rel="self" type="application/atom+xml" href="${url}/feed.atom"/>
${posts.map(entry).join('\n')}
</feed>
`;
}

function entry({ post, pictures }: FeedParts['posts'][number]): string {
  const isClosed = post.contentWarning !== null || post.isSensitive;
  const shown = isClosed ? [] : pictures;
  const images = shown.map(
    ({ url, altText }) => `<p><img src="${escapeHtml(url)}" alt="${escapeHtml(altText)}"></p>`,
  );
  const text = isClosed ? escapeHtml(post.contentWarning ?? '') : post.caption;
  const day = post.publishedAt.toISOString().slice(0, 10);
  const title = shortened(post.contentWarning ?? textOf(post.caption), TITLE) || day;
  return `<entry><id>${escapeHtml(post.uri)}</id><title>${escapeHtml(title)}</title>
<published>${post.publishedAt.toISOString()}</published><updated>${(post.editedAt ?? post.publishedAt).toISOString()}</updated>
<link rel="alternate" type="text/html" href="${escapeHtml(post.url)}"/>
<content type="html">${escapeHtml(images.join('') + text)}</content></entry>`;
}
