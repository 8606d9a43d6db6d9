/** Which posts may be shown to other people's followers. Pure functions. */
import type { VisibilityFacts } from './visibility.js';

/** Whether somebody who sees a post may repost it: only what everybody may see anyway, whoever wrote it. */
export function canRepost({
  visibility,
  isArchived,
}: Pick<VisibilityFacts, 'visibility' | 'isArchived'>): boolean {
  if (isArchived) return false;
  return visibility === 'PUBLIC' || visibility === 'UNLISTED';
}
