/** Does what a line means, by the same commands as a person would: the same rules, limits and events. */
import type { ActingContext } from '../../accounts/act-for.js';
import type { ActorId } from '../../actors/actor.entity.js';
import { findActorByHandle } from '../../actors/actor.queries.js';
import { followActor } from '../../actors/follow-actor.js';
import { setBlock } from '../../actors/set-block.js';
import { setDomainBlock } from '../../actors/set-domain-block.js';
import { setMute } from '../../actors/set-mute.js';
import { statement } from '../../platform/db/database.js';
import type { PostId } from '../../posts/post.entity.js';
import { setBookmark } from '../../posts/set-bookmark.js';
import { visibleTo } from '../../posts/visibility.js';
import type { ActorListId } from '../../timelines/actor-lists.queries.js';
import { followHashtag } from '../../timelines/follow-hashtag.js';
import { saveActorList } from '../../timelines/save-actor-list.js';
import type { ImportSource, RowOutcome } from '../import-row.js';
import type { ImportItem } from './read-import.js';

/** What became of a line. */
export interface Applied {
  readonly outcome: Exclude<RowOutcome, 'WAITING'>;
  /** Null where there is nothing to explain. */
  readonly reason: string | null;
}

const POST = statement(
  'import.post',
  `select p.id from posts p where (p.uri = $2 or p.url = $2) and p.kind <> 'comment' and ${visibleTo('p', '$1::uuid')} limit 1`,
);
const HAS = {
  CSV_FOLLOWING: statement(
    'import.has_follow',
    `select 1 from follows where follower_id = $1 and followee_id = $2::uuid
       and (shows_reposts, notifies_on_post) = ($3::boolean, $4::boolean)`,
  ),
  CSV_BLOCKS: statement(
    'import.has_block',
    'select 1 from blocks where blocker_id = $1 and blocked_id = $2::uuid',
  ),
  CSV_MUTES: statement(
    'import.has_mute',
    `select 1 from mutes where muter_id = $1 and muted_id = $2::uuid and mutes_notifications = $3::boolean
       and expires_at is null`,
  ),
  CSV_BOOKMARKS: statement(
    'import.has_bookmark',
    'select 1 from bookmarks where owner_id = $1 and post_id = $2::uuid',
  ),
  CSV_LISTS: statement(
    'import.has_member',
    `select 1 from actor_list_members m join actor_lists l on l.id = m.list_id
     where l.owner_id = $1 and m.actor_id = $2::uuid and l.title = $3`,
  ),
  CSV_DOMAINS: statement(
    'import.has_domain',
    'select 1 from domain_blocks where actor_id = $1 and domain = $2',
  ),
  CSV_HASHTAGS: statement(
    'import.has_hashtag',
    `select 1 from followed_hashtags f where f.follower_id = $1 and lower(f.display_name) = lower($2)`,
  ),
};
const LIST = statement(
  'import.list',
  'select id from actor_lists where owner_id = $1 and title = $2 order by id limit 1',
);

const IMPORTED: Applied = { outcome: 'IMPORTED', reason: null };
const UNCHANGED: Applied = { outcome: 'UNCHANGED', reason: null };
const NOT_FOUND: Applied = { outcome: 'FAILED', reason: 'NOT_FOUND' };
const NOT_KNOWN_YET: Applied = { outcome: 'PENDING', reason: 'NOT_KNOWN_YET' };

/**
 * Takes one line in, or says what would become of it.
 *
 * @throws {DomainError} as the command for it; nothing is done then
 */
export async function applyLine(
  importer: ActingContext,
  source: ImportSource,
  item: ImportItem,
  isDryRun: boolean,
): Promise<Applied> {
  const { database, viewer, config } = importer;
  const target = await targetOf(importer, item);
  if (target === null) {
    const isRemote =
      item.kind === 'actor'
        ? item.domain !== null
        : item.kind === 'post' && !item.uri.startsWith(`${config.publicUrl.origin}/`);
    return isRemote ? NOT_KNOWN_YET : NOT_FOUND;
  }
  const values = [viewer.actorId, target, ...choicesOf(source, item)];
  if (await database.row(HAS[source], values)) return UNCHANGED;
  if (!isDryRun) await act(importer, source, item, target);
  return IMPORTED;
}

/** Id of whom or what it names, or the name of a hashtag; null when it is not there for the viewer. */
async function targetOf(
  { database, viewer }: ActingContext,
  item: ImportItem,
): Promise<string | null> {
  switch (item.kind) {
    case 'actor': {
      const actor = await findActorByHandle(database, item.username, item.domain);
      const isThere = actor && actor.status !== 'DELETED' && actor.status !== 'SUSPENDED';
      return isThere ? actor.id : null;
    }
    case 'post':
      return (await database.row<{ id: string }>(POST, [viewer.actorId, item.uri]))?.id ?? null;
    case 'domain':
      return item.domain;
    case 'hashtag':
      return item.name;
  }
}

function choicesOf(source: ImportSource, item: ImportItem): unknown[] {
  if (item.kind !== 'actor') return [];
  if (source === 'CSV_FOLLOWING') return [item.showsReposts, item.notifiesOnPost];
  if (source === 'CSV_MUTES') return [item.mutesNotifications];
  return source === 'CSV_LISTS' ? [item.list] : [];
}

async function act(
  importer: ActingContext,
  source: ImportSource,
  item: ImportItem,
  target: string,
): Promise<void> {
  const actorId = target as ActorId;
  if (item.kind === 'post')
    return setBookmark(importer, { postId: target as PostId, isBookmarked: true });
  if (item.kind === 'domain') {
    await setDomainBlock(importer, { domain: target, blocked: true });
    return;
  }
  if (item.kind === 'hashtag') {
    await followHashtag(importer, { name: target, isFollowing: true });
    return;
  }
  const {
    showsReposts = true,
    notifiesOnPost = false,
    mutesNotifications = true,
    list = '',
  } = item;
  switch (source) {
    case 'CSV_FOLLOWING':
      return followActor(importer, { actorId, showsReposts, notifiesOnPost });
    case 'CSV_BLOCKS':
      return setBlock(importer, { actorId, blocked: true });
    case 'CSV_MUTES':
      return setMute(importer, {
        actorId,
        muted: true,
        notifications: mutesNotifications,
        durationSeconds: null,
      });
    default:
      return addToList(importer, list, actorId);
  }
}

async function addToList(importer: ActingContext, title: string, actorId: ActorId): Promise<void> {
  const values = [importer.viewer.actorId, title];
  const known = await importer.database.row<{ id: ActorListId }>(LIST, values);
  const addActorIds = [actorId];
  await saveActorList(
    importer,
    known ? { listId: known.id, addActorIds } : { listId: null, title, addActorIds },
  );
}
