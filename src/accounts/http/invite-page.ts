/** What somebody sees who opens an invite in a browser. */
import {
  formatMessage,
  type Locale,
  type MessageValues,
} from '../../platform/messages/catalogue.js';
import type { InstanceSettings } from '../instance-settings.js';
import { ruleList } from './front-page.js';
import { escapeHtml, plainPage } from './plain-page.js';

/** An invite that lets in. */
export interface ShownInvite {
  readonly code: string;
  /** How the inviter is called, plain text; null for the staff as such. */
  readonly inviter: string | null;
  readonly followsInviter: boolean;
  readonly needsApproval: boolean;
  readonly expiresAt: Date | null;
}

/** The page of an invite in one language; null = it lets nobody in. */
export function invitePage(
  settings: InstanceSettings,
  locale: Locale,
  invite: ShownInvite | null,
): string {
  return invite === null ? worthless(settings, locale) : valid(settings, locale, invite);
}

type Key = Parameters<typeof formatMessage>[1];

function valid(settings: InstanceSettings, locale: Locale, invite: ShownInvite): string {
  const { name: server, description, rules } = settings;
  const { code, inviter, followsInviter, needsApproval, expiresAt } = invite;
  const say = (key: Key, values?: MessageValues): string => formatMessage(locale, key, values);
  const line = (text: string): string => `<p>${escapeHtml(text)}</p>`;
  const title =
    inviter === null
      ? say('page.invite.byStaff', { server })
      : say('page.invite.byPerson', { name: inviter, server });
  const date = expiresAt?.toLocaleDateString(locale, { dateStyle: 'long', timeZone: 'UTC' });
  const body = `<h1 dir="auto">${escapeHtml(title)}</h1><p dir="auto">${escapeHtml(description)}</p>
${line(say('page.invite.how'))}<p><code>${escapeHtml(code)}</code></p>
<p><img src="/invite/${escapeHtml(code)}/qr.svg" width="200" height="200" alt="${escapeHtml(say('page.invite.qr'))}"></p>
${followsInviter && inviter !== null ? line(say('page.invite.follow', { name: inviter })) : ''}
${needsApproval ? line(say('page.invite.approval')) : ''}
${date === undefined ? '' : `<p class="quiet">${escapeHtml(say('page.invite.until', { date }))}</p>`}
${ruleList(rules, locale)}
`;
  return plainPage({ locale, title, description, body });
}

function worthless({ name }: InstanceSettings, locale: Locale): string {
  const title = formatMessage(locale, 'page.invite.worthless');
  const next = formatMessage(locale, 'page.invite.ask');
  const body = `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(next)}</p>
<p><a href="/" dir="auto">${escapeHtml(name)}</a></p>
`;
  return plainPage({ locale, title, description: next, body });
}
