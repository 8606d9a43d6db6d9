/** Throwing a draft away. */
import type { CommandContext } from '../platform/context.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { DraftId } from './draft.js';
import { eraseDraft } from './internal/draft-album.js';
import { lockOwnDraft } from './internal/own-draft.js';

/**
 * Deletes a draft of the viewer with its pictures; a scheduled one will not be published.
 *
 * Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for somebody else's draft
 */
export async function deleteDraft(context: CommandContext, draftId: DraftId): Promise<void> {
  const viewer = requireViewer(context);
  await context.database.transaction(async (tx) => {
    const draft = await lockOwnDraft(tx, viewer.actorId, draftId);
    await eraseDraft(tx, context.clock.now(), draft);
  });
}
