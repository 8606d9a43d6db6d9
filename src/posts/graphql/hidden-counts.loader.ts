/** What counters hold of people whom the viewer may not see; asked only for viewers with blocks. */
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { findHiddenCounts, type HiddenCounts } from '../hidden-counts.queries.js';

const hiddenCountsLoader = defineLoader<string, HiddenCounts>(async (context, ids) => {
  const viewerId = context.viewer?.actorId;
  if (!viewerId) return new Map();
  const rows = await findHiddenCounts(context.database, ids, viewerId);
  return new Map(rows.map((row) => [row.id, row]));
});

/** What to take off the counters of a post or comment; null = nothing. */
export function hiddenCounts(
  context: GraphQLContext,
  subject: { readonly id: string; readonly viewerHasBlocks: boolean },
): Promise<HiddenCounts | null> | null {
  return subject.viewerHasBlocks ? load(context, hiddenCountsLoader, subject.id) : null;
}
