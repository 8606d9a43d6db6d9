/** The order of highlights on a profile. */
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { Invalid, NotFound } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { HighlightId } from './highlight.entity.js';
import { lockHighlightsOf } from './own-highlight.js';

const OWN = statement(
  'highlights.own',
  'select id from highlights where owner_id = $1 order by position',
);
const ORDER = statement(
  'highlights.order',
  `update highlights h set position = t.place from unnest($1::uuid[]) with ordinality as t(id, place) where h.id = t.id`,
);

/**
 * Puts highlights of the viewer in order: the named ones first, the others behind them as they were. Opens its own
 * transaction.
 *
 * @throws {Invalid} INVALID_INPUT for a repeated one
 * @throws {NotFound} NOT_FOUND, also for somebody else's highlight, with its place in `highlightIds`
 */
export async function orderHighlights(
  context: CommandContext,
  highlightIds: readonly HighlightId[],
): Promise<void> {
  const { actorId } = requireViewer(context);
  const repeated = highlightIds.findIndex((id, index) => highlightIds.indexOf(id) !== index);
  if (repeated >= 0)
    throw new Invalid('Each can be named once.', ['highlightIds', String(repeated)], 'UNIQUE');
  await context.database.transaction(async (tx) => {
    await lockHighlightsOf(tx, actorId);
    const own = (await tx.rows<{ id: HighlightId }>(OWN, [actorId])).map(({ id }) => id);
    const index = highlightIds.findIndex((id) => !own.includes(id));
    if (index >= 0) throw new NotFound(['highlightIds', String(index)]);
    const others = own.filter((id) => !highlightIds.includes(id));
    await tx.rows(ORDER, [[...highlightIds, ...others]]);
  });
}
