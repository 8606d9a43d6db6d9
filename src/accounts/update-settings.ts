/** A person changes their settings. */
import { setFollowListsHidden } from '../actors/set-follow-lists-hidden.js';
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { Invalid } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { Settings } from './settings.js';

/** Changes: absent = unchanged, null = back to the default. */
export type UpdateSettingsInput = { readonly [Name in keyof Settings]?: Settings[Name] | null };

const MAX_LANGUAGES = 20;

const UPDATE = statement(
  'accounts.update_settings',
  `update accounts set settings = (settings || $2::jsonb) - $3::text[], language = coalesce($4, language), updated_at = $5
   where id = $1`,
);

/**
 * Changes the viewer's settings. Setting the same again changes nothing; two changes at once of different settings
 * both take effect.
 *
 * @throws {Forbidden} FORBIDDEN for anonymous callers
 * @throws {Invalid} INVALID_INPUT
 */
export async function updateSettings(
  context: CommandContext,
  input: UpdateSettingsInput,
): Promise<void> {
  const viewer = requireViewer(context);
  const { language, ...stored } = input;
  checkTimezone(stored.timezone ?? null);
  if ((stored.contentLanguages?.length ?? 0) > MAX_LANGUAGES) {
    throw new Invalid(
      `At most ${MAX_LANGUAGES} languages.`,
      ['contentLanguages'],
      'MAX_ITEMS',
      String(MAX_LANGUAGES),
    );
  }
  const entries = Object.entries(stored).filter(([, value]) => value !== undefined);
  const set = Object.fromEntries(entries.filter(([, value]) => value !== null));
  const cleared = entries.filter(([, value]) => value === null).map(([name]) => name);
  const newLanguage = language === null ? 'en' : (language ?? null);
  await context.database.transaction(async (tx) => {
    await tx.rows(UPDATE, [
      viewer.accountId,
      JSON.stringify(set),
      cleared,
      newLanguage,
      context.clock.now(),
    ]);
    const { hideFollowLists } = stored;
    if (hideFollowLists !== undefined) {
      await setFollowListsHidden(context, tx, viewer.actorId, hideFollowLists ?? false);
    }
  });
}

function checkTimezone(timezone: string | null): void {
  if (timezone === null) return;
  try {
    Intl.DateTimeFormat('en', { timeZone: timezone });
  } catch {
    throw new Invalid('There is no such time zone.', ['timezone'], 'TIME_ZONE');
  }
}
