/** Rules that a report or an act of the staff names. */
import { instanceSettings } from '../../accounts/instance-settings.js';
import type { CommandContext } from '../../platform/context.js';
import { NotFound } from '../../platform/errors.js';

/**
 * Refuses rules that this server does not have, or not any more.
 *
 * @throws {NotFound} NOT_FOUND with the place in `ruleIds`
 */
export async function requireRules(
  context: Pick<CommandContext, 'database' | 'config'>,
  ruleIds: readonly string[],
): Promise<void> {
  if (ruleIds.length === 0) return;
  const { rules } = await instanceSettings(context.database, context.config);
  const known = new Set(rules.map(({ id }) => id));
  const index = ruleIds.findIndex((id) => !known.has(id));
  if (index >= 0) throw new NotFound(['ruleIds', String(index)]);
}
