/** Naming a sound. */
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import { oneLine } from '../platform/one-line.js';
import { requireLength } from '../posts/text-limits.js';
import type { SoundId } from './sound.js';

/** Longest title, characters. */
const TITLE_LENGTH = 100;

const NAME = statement(
  'sounds.name',
  `update sounds s set title = $3 from posts o
   where s.id = $1 and o.id = s.origin_id and o.author_id = $2 and o.deleted_at is null returning s.id`,
);

/**
 * Names a sound that was first heard in a video of the viewer. `title` null or blank = its usual name again.
 *
 * @throws {NotFound} NOT_FOUND, also for the sound of somebody else
 * @throws {Invalid} INVALID_INPUT
 */
export async function updateSound(
  context: CommandContext,
  input: { soundId: SoundId; title: string | null },
): Promise<void> {
  const viewer = requireViewer(context);
  requireLength(input.title ?? '', TITLE_LENGTH, ['title']);
  const values = [input.soundId, viewer.actorId, oneLine(input.title ?? '') || null];
  if (!(await context.database.row(NAME, values))) throw new NotFound(['soundId']);
}
