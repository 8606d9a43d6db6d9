// Feeds as clients see them.
import type { Person, World } from './world.js';

/** A place of a page. */
export interface SeenPlace {
  readonly cursor: string;
  readonly node: { readonly id: string } | null;
  readonly explanation: {
    readonly summary: string;
    readonly source: string;
    readonly score: number;
    readonly contributions: readonly {
      readonly signal: string;
      readonly raw: number | null;
      readonly normalized: number;
      readonly weight: number;
      readonly contribution: number;
      readonly evidence: string | null;
    }[];
    readonly adjustments: readonly { readonly key: string; readonly delta: number }[];
    readonly editorialPick: { readonly reason: string } | null;
    readonly controls: readonly string[];
  };
}

/** A page. */
export interface SeenFeed {
  readonly edges: readonly SeenPlace[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly snapshot: {
    readonly id: string;
    readonly version: string;
    readonly seed: string;
    readonly inputDigest: string;
  };
}

/** Arguments of a feed. */
export interface FeedAsk {
  readonly algorithm?: string;
  readonly filter?: Record<string, unknown>;
  readonly first?: number;
  readonly after?: string | null;
}

const FEED = `query ($algorithm: String, $filter: TimelineFilter, $first: Int, $after: String) {
  feed(algorithm: $algorithm, filter: $filter, first: $first, after: $after) {
    edges { cursor node { id } explanation { summary source score controls editorialPick { reason }
      contributions { signal raw normalized weight contribution evidence } adjustments { key delta } } }
    pageInfo { hasNextPage endCursor } snapshot { id version seed inputDigest } } }`;

/** Reads a page; null = nobody is signed in. */
export async function readFeed(
  world: World,
  who: Person | null,
  ask: FeedAsk = {},
): Promise<SeenFeed> {
  const answer = await (who ?? world).graphql<{ feed: SeenFeed }>(FEED, { ...ask });
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.feed;
}

/** Ids of the posts of a page, in order; null where one is not shown. */
export function idsOf({ edges }: SeenFeed): (string | null)[] {
  return edges.map(({ node }) => node?.id ?? null);
}

/** Chooses something of `updateFeedPreferences`. */
export async function prefer(who: Person, input: Record<string, unknown>): Promise<void> {
  const answer = await who.graphql<{ updateFeedPreferences: { userErrors: unknown[] } }>(
    'mutation ($input: UpdateFeedPreferencesInput!) { updateFeedPreferences(input: $input) { userErrors { code path } } }',
    { input },
  );
  if (answer.errors || answer.data.updateFeedPreferences.userErrors.length > 0)
    throw new Error(JSON.stringify(answer));
}
