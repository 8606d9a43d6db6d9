// What people let go by itself, as clients choose and see it.
import { runScheduled } from './scheduled.js';
import type { Answered } from './posts.js';
import type { Person, World } from './world.js';

/** Everything that can be kept, not kept: only ages and thresholds decide. */
export const KEEP_NOTHING = {
  keepPinned: false,
  keepArchived: false,
  keepMentioned: false,
  keepCollected: false,
  keepBookmarked: false,
  keepLiked: false,
  keepHighlighted: false,
} as const;

/** Seconds of a day. */
export const DAY = 86_400;

/** How much would go. */
export interface Preview {
  readonly posts: number;
  readonly comments: number;
  readonly stories: number;
}

const RULES = `postDays commentDays storyDays keepPinned keepArchived keepMentioned keepCollected keepBookmarked
  keepLiked keepHighlighted keepFromLikes keepFromReposts dueAt`;

/** The rules of somebody. */
export async function retentionOf(who: Person): Promise<Record<string, unknown>> {
  const answer = await who.graphql<{ viewer: { retention: Record<string, unknown> } }>(
    `{ viewer { retention { ${RULES} } } }`,
  );
  return answer.data.viewer.retention;
}

/** Changes the rules. */
export async function sendRetention(
  who: Person,
  input: Record<string, unknown>,
): Promise<Answered<{ viewer: { retention: Record<string, unknown> } | null }>> {
  const answer = await who.graphql<{
    updateRetention: Answered<{ viewer: { retention: Record<string, unknown> } | null }>;
  }>(
    `mutation ($input: UpdateRetentionInput!) { updateRetention(input: $input) {
      viewer { retention { ${RULES} } } userErrors { code path } } }`,
    { input },
  );
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.updateRetention;
}

/** How much would go by the rules, or by a change of them. */
export async function preview(
  who: Person,
  change: Record<string, unknown> | null = null,
): Promise<Preview> {
  const answer = await who.graphql<{ viewer: { retentionPreview: Preview } }>(
    `query ($change: UpdateRetentionInput) { viewer { retentionPreview(change: $change) { posts comments stories } } }`,
    { change },
  );
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.viewer.retentionPreview;
}

/** Runs the clock's job once, and what follows from it. */
export async function applyRetention(world: World): Promise<void> {
  await runScheduled(world, 'applyRetention');
  await world.settle();
}
