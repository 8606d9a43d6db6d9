/** Whether a person still sees what a notification is about. Asked whenever one is read. */
import { notFiltered } from '../../posts/filtered.js';
import { visibleTo } from '../../posts/visibility.js';
import { packVisibleTo } from '../../starterpacks/starter-pack-visibility.js';
import { storyVisibleTo } from '../../stories/story-visibility.js';

/**
 * True for a notification (alias `n`) whose post, comment, story or starter pack its recipient sees, and for one about none.
 *
 * @param recipient SQL expression of the recipient's actor id
 * @param now SQL expression of the present
 */
export function showsSubject(recipient: string, now: string): string {
  return `(n.post_id is null or exists (select from posts p where p.id = n.post_id and ${visibleTo('p', recipient)}
     and ${notFiltered('p', { viewer: recipient, now }, 'NOTIFICATIONS')}))
   and (n.story_id is null or exists (select from stories s where s.id = n.story_id and ${storyVisibleTo('s', recipient, now)}))
   and (n.starter_pack_id is null or exists (select from starter_packs pack
     where pack.id = n.starter_pack_id and ${packVisibleTo('pack', recipient)}))`;
}
