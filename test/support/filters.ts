// Keyword filters as clients make them.
import type { Answered } from './posts.js';
import type { Person } from './world.js';

/** A filter as its owner sees it. */
export interface SeenFilter {
  readonly id: string;
  readonly title: string;
  readonly action: string;
  readonly contexts: readonly string[];
  readonly keywords: readonly { readonly text: string; readonly isWholeWord: boolean }[];
  readonly expiresAt: string | null;
}

/** Everything of a filter that tests look at. */
export const FILTER_FIELDS = 'id title action contexts keywords { text isWholeWord } expiresAt';

const SAVE = `mutation ($input: SaveFilterInput!) { saveFilter(input: $input) {
  filter { ${FILTER_FIELDS} } userErrors { code path } } }`;

/** Sends saveFilter. */
export async function saveFilter(
  who: Person,
  input: Record<string, unknown>,
): Promise<Answered<{ filter: SeenFilter | null }>> {
  const answer = await who.graphql<{ saveFilter: Answered<{ filter: SeenFilter | null }> }>(SAVE, {
    input,
  });
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.saveFilter;
}

/** Makes a filter of one keyword; answers its id. */
export async function filter(
  who: Person,
  text: string,
  input: Record<string, unknown> = {},
): Promise<string> {
  const { filter: made, userErrors } = await saveFilter(who, { keywords: [{ text }], ...input });
  if (!made) throw new Error(JSON.stringify(userErrors));
  return made.id;
}

/** Deletes a filter. */
export async function unfilter(who: Person, filterId: string): Promise<void> {
  const answer = await who.graphql<{ deleteFilter: Answered<object> }>(
    'mutation ($id: ID!) { deleteFilter(input: { filterId: $id }) { userErrors { code } } }',
    { id: filterId },
  );
  if (answer.data?.deleteFilter.userErrors.length !== 0) throw new Error(JSON.stringify(answer));
}
