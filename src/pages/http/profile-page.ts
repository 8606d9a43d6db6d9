/** A person in a browser: who they are, and their newest pictures. */
import { escapeHtml, plainPage } from '../../accounts/http/plain-page.js';
import type { ActorRow } from '../../actors/actor.queries.js';
import { formatMessage, type Locale } from '../../platform/messages/catalogue.js';
import { GRID_STYLE, postGrid, type GridPost } from './post-grid.js';
import { nameOf, shortened, textOf, type ShownPicture } from './shown.js';

/** What the page is made of. */
export interface ProfilePageParts {
  readonly locale: Locale;
  readonly host: string;
  readonly person: ActorRow;
  readonly avatar: ShownPicture | null;
  readonly posts: readonly GridPost[];
}

const DESCRIPTION = 300;
const STYLE = `${GRID_STYLE}<style>.face{border-radius:50%;object-fit:cover}</style>`;

/** The page. */
export function profilePage({ locale, host, person, avatar, posts }: ProfilePageParts): string {
  const handle = `@${person.username}@${host}`;
  const name = nameOf(person);
  const title = `${name} (${handle})`;
  const body = `${avatar ? face(avatar) : ''}<h1 dir="auto">${escapeHtml(name)}</h1><p class="quiet">${escapeHtml(handle)}</p>
<div dir="auto">${person.bioHtml}</div>${fields(person)}
<p class="quiet">${escapeHtml(numbers(person, locale))}</p>
${postGrid(posts, locale)}
<p class="quiet">${escapeHtml(formatMessage(locale, 'page.profile.app', { handle }))}</p>
`;
  const description = shortened(textOf(person.bioHtml), DESCRIPTION);
  return plainPage({ locale, title, description, body, head: STYLE + head(person, avatar) });
}

function face({ path }: ShownPicture): string {
  return `<img class="face" src="${escapeHtml(path)}" width="96" height="96" alt="">`;
}

function fields({ fields: lines }: ActorRow): string {
  const rows = lines.map(
    ({ name, valueHtml }) =>
      `<dt dir="auto">${escapeHtml(name)}</dt><dd dir="auto">${valueHtml}</dd>`,
  );
  return rows.length === 0 ? '' : `<dl>${rows.join('')}</dl>`;
}

function numbers({ postCount, followerCount, hidesFollowLists }: ActorRow, locale: Locale): string {
  const posts = formatMessage(locale, 'page.profile.posts', { count: postCount });
  if (hidesFollowLists) return posts;
  const followers = formatMessage(locale, 'page.profile.followers', { count: followerCount });
  return `${posts} · ${followers}`;
}

function head({ url, uri, isIndexable }: ActorRow, avatar: ShownPicture | null): string {
  const page = escapeHtml(url);
  return `<link rel="canonical" href="${page}"><meta property="og:url" content="${page}"><meta property="og:type" content="profile">
${avatar ? `<meta property="og:image" content="${escapeHtml(avatar.url)}">` : ''}${isIndexable ? '' : '<meta name="robots" content="noindex">'}
<link rel="alternate" type="application/activity+json" href="${escapeHtml(uri)}">
<link rel="alternate" type="application/atom+xml" href="${page}/feed.atom">`;
}
