/** The letters that people get about their account. Plain text; links always carry the configured origin. */
import type { Services } from '../platform/context.js';
import type { Mail } from '../platform/mail.js';
import {
  chooseLocale,
  formatMessage,
  type MessageKey,
  type MessageValues,
} from '../platform/messages/catalogue.js';
import type { AccountRow } from './accounts.queries.js';
import { instanceSettings } from './instance-settings.js';

/** What a letter says, without greeting and signature. */
export interface Letter {
  readonly to: string;
  readonly subject: string;
  /** Paragraphs, in order. */
  readonly paragraphs: readonly string[];
  /** Header lines for mail programs. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Pages that links in letters lead to. The token stands behind `#`, so that it reaches no log and no referrer. */
export type LinkPage = 'verify-email' | 'reset-password' | 'undo-email-change';

/** The link of a letter. */
export function linkTo(services: Pick<Services, 'config'>, page: LinkPage, token: string): string {
  return `${services.config.publicUrl.origin}/account/${page}#${token}`;
}

/** Says messages in the language of an account. */
export function speakerOf({
  language,
}: Pick<AccountRow, 'language'>): (key: MessageKey, values?: MessageValues) => string {
  const locale = chooseLocale([language]);
  return (key, values) => formatMessage(locale, key, values);
}

/** Sends a letter to the person of an account. */
export async function sendLetter(
  services: Services,
  account: Pick<AccountRow, 'username' | 'language'>,
  letter: Letter,
): Promise<void> {
  const { name } = await instanceSettings(services.database, services.config);
  const { origin, host } = services.config.publicUrl;
  const mail: Mail = {
    to: letter.to,
    subject: `${letter.subject} – ${name}`,
    text: [
      speakerOf(account)('letter.greeting', { handle: `@${account.username}@${host}` }),
      ...letter.paragraphs,
      `${name}\n${origin}\n`,
    ].join('\n\n'),
    ...(letter.headers && { headers: letter.headers }),
  };
  await services.mailer.send(mail);
}
