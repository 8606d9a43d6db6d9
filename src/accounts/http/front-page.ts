/** What somebody sees who opens the address of the server in a browser: whose it is, its rules, and where the API is. */
import MarkdownIt from 'markdown-it';
import { formatMessage, type Locale } from '../../platform/messages/catalogue.js';
import { SOFTWARE } from '../../platform/software.js';
import type { InstanceSettings } from '../instance-settings.js';

const { escapeHtml } = new MarkdownIt().utils;

/** Runs no script and asks no other host for anything. */
export const FRONT_PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const STYLE = `:root{color-scheme:light dark}
body{font:1.05rem/1.6 system-ui,sans-serif;max-width:36rem;margin:12vh auto 4rem;padding:0 1.25rem}
h1{font-size:2.2rem;line-height:1.2;margin:0 0 .5rem}h2{font-size:1.1rem;margin:2.5rem 0 .5rem}
ol,ul{padding-inline-start:1.25rem}li{margin:.35rem 0}.quiet{opacity:.7}a{color:LinkText}
footer{margin-top:3rem;font-size:.9rem}`;

/** The page in one language. Texts of the staff are plain text. */
export function frontPage(
  { name, description, rules, registrationMode, contactEmail }: InstanceSettings,
  locale: Locale,
  hasGraphiql: boolean,
): string {
  const say = (key: Parameters<typeof formatMessage>[1]): string => formatMessage(locale, key);
  const list = rules.map(({ text, hint }) => `<li>${withHint(text, hint)}</li>`).join('');
  const contact =
    contactEmail === null
      ? ''
      : ` <a href="mailto:${escapeHtml(contactEmail)}">${escapeHtml(contactEmail)}</a>`;
  return `<!doctype html><html lang="${locale}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><meta name="description" content="${escapeHtml(description)}">
<title>${escapeHtml(name)}</title><style>${STYLE}</style></head><body><main>
<h1 dir="auto">${escapeHtml(name)}</h1><p dir="auto">${escapeHtml(description)}</p>
<p class="quiet">${say(`page.front.registration.${registrationMode}`)}${contact}</p>
${list && `<h2>${say('page.front.rules')}</h2><ol>${list}</ol>`}
<h2>${say('page.front.developers')}</h2><p>${say('page.front.apps')}</p><ul>
${hasGraphiql ? `<li><a href="/graphiql">${say('page.front.graphiql')}</a></li>` : ''}
<li><a href="/graphql/schema.graphql">${say('page.front.schema')}</a></li></ul>
</main><footer class="quiet">Triptych ${SOFTWARE.version}</footer></body></html>`;
}

function withHint(text: string, hint: string | null): string {
  const more = hint === null ? '' : `<br><span class="quiet">${escapeHtml(hint)}</span>`;
  return `<span dir="auto">${escapeHtml(text)}</span>${more}`;
}
