/** What somebody sees who opens the address of the server in a browser: whose it is, its rules, and where the API is. */
import { formatMessage, type Locale } from '../../platform/messages/catalogue.js';
import type { InstanceRule, InstanceSettings } from '../instance-settings.js';
import { escapeHtml, plainPage } from './plain-page.js';

/** The page in one language. Texts of the staff are plain text. */
export function frontPage(
  { name, description, rules, registrationMode, contactEmail }: InstanceSettings,
  locale: Locale,
  hasGraphiql: boolean,
): string {
  const say = (key: Parameters<typeof formatMessage>[1]): string => formatMessage(locale, key);
  const contact =
    contactEmail === null
      ? ''
      : ` <a href="mailto:${escapeHtml(contactEmail)}">${escapeHtml(contactEmail)}</a>`;
  const body = `<h1 dir="auto">${escapeHtml(name)}</h1><p dir="auto">${escapeHtml(description)}</p>
<p class="quiet">${say(`page.front.registration.${registrationMode}`)}${contact}</p>
${ruleList(rules, locale)}
<h2>${say('page.front.developers')}</h2><p>${say('page.front.apps')}</p><ul>
${hasGraphiql ? `<li><a href="/graphiql">${say('page.front.graphiql')}</a></li>` : ''}
<li><a href="/graphql/schema.graphql">${say('page.front.schema')}</a></li></ul>
`;
  return plainPage({ locale, title: name, description, body });
}

/** The rules of the server under a heading; nothing when there are none. */
export function ruleList(rules: readonly InstanceRule[], locale: Locale): string {
  const list = rules.map(({ text, hint }) => `<li>${withHint(text, hint)}</li>`).join('');
  return list && `<h2>${formatMessage(locale, 'page.front.rules')}</h2><ol>${list}</ol>`;
}

function withHint(text: string, hint: string | null): string {
  const more = hint === null ? '' : `<br><span class="quiet">${escapeHtml(hint)}</span>`;
  return `<span dir="auto">${escapeHtml(text)}</span>${more}`;
}
