/** A starter pack in a browser: whom somebody recommends, and why. */
import { escapeHtml, plainPage } from '../../accounts/http/plain-page.js';
import type { ActorRow } from '../../actors/actor.queries.js';
import { formatMessage, type Locale } from '../../platform/messages/catalogue.js';
import type { StarterPackRow } from '../../starterpacks/starter-pack.js';
import { nameOf, shortened, textOf, type ShownPicture } from './shown.js';

/** What the page is made of. */
export interface StarterPackPageParts {
  readonly locale: Locale;
  readonly host: string;
  readonly url: string;
  readonly pack: StarterPackRow;
  readonly owner: ActorRow;
  readonly people: readonly { readonly person: ActorRow; readonly avatar: ShownPicture | null }[];
}

const DESCRIPTION = 300;
const STYLE = `<style>.people{list-style:none;padding:0}.people li{display:flex;gap:.75rem;align-items:center;margin:.75rem 0}
.face{border-radius:50%;object-fit:cover;flex:none}main{overflow-wrap:anywhere}</style>`;

/** The page. */
export function starterPackPage(parts: StarterPackPageParts): string {
  const { locale, host, url, pack, owner, people } = parts;
  const name = nameOf(owner);
  const by = formatMessage(locale, 'page.pack.by', { name, handle: `@${owner.username}@${host}` });
  const tags = pack.hashtags.map((tag) => `#${escapeHtml(tag)}`).join(' ');
  const body = `<h1 dir="auto">${escapeHtml(pack.title)}</h1>
<p class="quiet"><a href="/@${escapeHtml(owner.username)}" dir="auto">${escapeHtml(by)}</a></p>
<div dir="auto">${pack.description}</div>${tags && `<p dir="auto">${tags}</p>`}
<ul class="people">${people.map((shown) => item(shown, host)).join('')}</ul>
<p class="quiet">${escapeHtml(formatMessage(locale, 'page.pack.app'))}</p>
`;
  const description = shortened(textOf(pack.description) || by, DESCRIPTION);
  return plainPage({
    locale,
    title: pack.title,
    description,
    body,
    head: STYLE + head(url, owner),
  });
}

function item({ person, avatar }: StarterPackPageParts['people'][number], host: string): string {
  const { username, domain, url } = person;
  const handle = escapeHtml(`@${username}@${domain ?? host}`);
  const picture =
    avatar &&
    `<img class="face" src="${escapeHtml(avatar.path)}" width="48" height="48" alt="" loading="lazy">`;
  const link = domain === null ? `/@${username}` : url;
  return `<li>${picture ?? ''}<span dir="auto"><a href="${escapeHtml(link)}">${escapeHtml(nameOf(person))}</a><br><span class="quiet">${handle}</span></span></li>`;
}

function head(url: string, { isIndexable }: ActorRow): string {
  const page = escapeHtml(url);
  return `<link rel="canonical" href="${page}"><meta property="og:url" content="${page}"><meta property="og:type" content="website">
${isIndexable ? '' : '<meta name="robots" content="noindex">'}`;
}
