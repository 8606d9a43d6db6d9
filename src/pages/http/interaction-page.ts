/** Where other servers send people of this one who want to follow or answer: what is meant, and how an app gets there. */
import { escapeHtml, plainPage } from '../../accounts/http/plain-page.js';
import { formatMessage, type Locale } from '../../platform/messages/catalogue.js';
import { shortened, textOf } from './shown.js';
import type { Meant } from './meant.js';

const EXCERPT = 300;

/** What the page is made of. */
export interface InteractionPageParts {
  readonly locale: Locale;
  readonly server: string;
  readonly meant: Meant;
}

/** The page. It leads nowhere but to what this server knows: whoever made the link may have written anything. */
export function interactionPage({ locale, server, meant }: InteractionPageParts): string {
  const title = formatMessage(locale, 'page.interaction.title');
  const how = formatMessage(locale, 'page.interaction.how', { server });
  const known = meant.kind === 'unknown' ? '' : card(meant, locale);
  const body = `<h1>${escapeHtml(title)}</h1>${known}<p dir="auto">${escapeHtml(how)}</p>
<p><code dir="ltr">${escapeHtml(meant.search)}</code></p>
<p class="quiet">${escapeHtml(formatMessage(locale, 'page.interaction.then'))}</p>
<p><a href="/" dir="auto">${escapeHtml(server)}</a></p>
`;
  const head = `<style>.face{border-radius:50%;object-fit:cover}main{overflow-wrap:anywhere}</style><meta name="robots" content="noindex">`;
  return plainPage({ locale, title, description: how, body, head });
}

function card(meant: Exclude<Meant, { kind: 'unknown' }>, locale: Locale): string {
  const { avatar } = meant;
  const face =
    avatar && `<img class="face" src="${escapeHtml(avatar.path)}" width="64" height="64" alt="">`;
  const who = `<strong dir="auto">${escapeHtml(meant.name)}</strong> <span class="quiet">${escapeHtml(meant.handle)}</span>`;
  if (meant.kind === 'person') return `<p>${face ?? ''}</p><p>${who}</p>`;
  const { warning, caption } = meant;
  const text = warning ?? shortened(textOf(caption), EXCERPT);
  const label = formatMessage(locale, 'page.interaction.post');
  return `<p>${face ?? ''}</p><p>${who}</p><p class="quiet">${escapeHtml(label)}</p><blockquote dir="auto">${escapeHtml(text)}</blockquote>`;
}
