// Custom emoji made by the staff through the public API, with pictures that look processed.
import { readyPicture, type Answered } from './posts.js';
import type { Person, World } from './world.js';

/** An emoji as GraphQL answers it. */
export interface SavedEmoji {
  readonly id: string;
  readonly shortcode: string;
  readonly url: string;
  readonly staticUrl: string;
}

/** Sends saveCustomEmoji. */
export async function saveEmoji(
  who: Person,
  input: Record<string, unknown>,
): Promise<Answered<{ emoji: SavedEmoji | null }>> {
  const answer = await who.graphql<{ saveCustomEmoji: Answered<{ emoji: SavedEmoji | null }> }>(
    `mutation ($input: SaveCustomEmojiInput!) { saveCustomEmoji(input: $input) {
      emoji { id shortcode category aliases url staticUrl isAnimated isListed isEnabled } userErrors { code path } } }`,
    { input },
  );
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.saveCustomEmoji;
}

/** Makes an emoji. */
export async function makeEmoji(
  world: World,
  who: Person,
  shortcode: string,
  input: Record<string, unknown> = {},
): Promise<SavedEmoji> {
  const mediaId = await readyPicture(world, who, { purpose: 'EMOJI' });
  const { emoji, userErrors } = await saveEmoji(who, { shortcode, mediaId, ...input });
  if (!emoji) throw new Error(JSON.stringify(userErrors));
  return emoji;
}

/** Deletes an emoji. */
export async function deleteEmoji(who: Person, emojiId: string): Promise<void> {
  const answer = await who.graphql<{ deleteCustomEmoji: Answered<object> }>(
    'mutation ($input: DeleteCustomEmojiInput!) { deleteCustomEmoji(input: $input) { userErrors { code path } } }',
    { input: { emojiId } },
  );
  const refusals = answer.data?.deleteCustomEmoji.userErrors;
  if (refusals?.length !== 0) throw new Error(JSON.stringify(answer));
}
