/** What OVERWRITE takes away: what is there and stands on no line of the file, whatever became of that line. */
import type { ActingContext } from '../../accounts/act-for.js';
import type { ActorId } from '../../actors/actor.entity.js';
import { setBlock } from '../../actors/set-block.js';
import { setDomainBlock } from '../../actors/set-domain-block.js';
import { setMute } from '../../actors/set-mute.js';
import { unfollowActor } from '../../actors/unfollow-actor.js';
import { statement, type Statement } from '../../platform/db/database.js';
import { DomainError, RateLimited } from '../../platform/errors.js';
import type { PostId } from '../../posts/post.entity.js';
import { setBookmark } from '../../posts/set-bookmark.js';
import type { ActorListId } from '../../timelines/actor-lists.queries.js';
import { followHashtag } from '../../timelines/follow-hashtag.js';
import { saveActorList } from '../../timelines/save-actor-list.js';
import type { ImportId, ImportSource } from '../import-row.js';

interface Absent {
  /** Id of an actor or post, a domain, or the name of a hashtag. */
  readonly target: string;
  /** Of a list. */
  readonly listId: ActorListId | null;
}

const COUNT_REMOVED = statement(
  'data_imports.count_removed',
  'update data_imports set removed = removed + 1 where id = $1',
);

const OF_ACTOR = `lower(r.item ->> 'username') = lower(other.username)
  and r.item ->> 'domain' is not distinct from other.domain`;

function absent(
  name: string,
  from: string,
  target: string,
  isNamed: string,
  listId = 'null::uuid',
): Statement {
  return statement(
    `import.absent_${name}`,
    `select ${target} as target, ${listId} as "listId" from ${from}
       and not exists (select from data_import_rows r where r.import_id = $2 and r.item is not null and ${isNamed})`,
  );
}

const ABSENT: Readonly<Record<ImportSource, Statement>> = {
  CSV_FOLLOWING: absent(
    'follows',
    'follows f join actors other on other.id = f.followee_id where f.follower_id = $1',
    'other.id',
    OF_ACTOR,
  ),
  CSV_BLOCKS: absent(
    'blocks',
    'blocks b join actors other on other.id = b.blocked_id where b.blocker_id = $1',
    'other.id',
    OF_ACTOR,
  ),
  CSV_MUTES: absent(
    'mutes',
    'mutes m join actors other on other.id = m.muted_id where m.muter_id = $1',
    'other.id',
    OF_ACTOR,
  ),
  CSV_BOOKMARKS: absent(
    'bookmarks',
    'bookmarks b join posts p on p.id = b.post_id where b.owner_id = $1',
    'p.id',
    `r.item ->> 'uri' in (p.uri, p.url)`,
  ),
  CSV_LISTS: absent(
    'members',
    `actor_lists l join actor_list_members m on m.list_id = l.id join actors other on other.id = m.actor_id
     where l.owner_id = $1`,
    'other.id',
    `${OF_ACTOR} and r.item ->> 'list' = l.title`,
    'l.id',
  ),
  CSV_DOMAINS: absent(
    'domains',
    'domain_blocks d where d.actor_id = $1',
    'd.domain',
    `r.item ->> 'domain' = d.domain`,
  ),
  CSV_HASHTAGS: absent(
    'hashtags',
    'followed_hashtags f where f.follower_id = $1',
    'f.display_name',
    `lower(r.item ->> 'name') = lower(f.display_name)`,
  ),
};

/** How much there is that the file does not name. */
export async function countAbsent(
  { database, viewer }: ActingContext,
  source: ImportSource,
  importId: ImportId,
): Promise<number> {
  return (await database.rows<Absent>(ABSENT[source], [viewer.actorId, importId])).length;
}

/**
 * Takes away what the file does not name; what cannot be taken away stays. Each piece is counted in its import with it,
 * so a run that was cut off is finished by the next one.
 */
export async function removeAbsent(
  importer: ActingContext,
  source: ImportSource,
  importId: ImportId,
): Promise<void> {
  const { database, viewer } = importer;
  for (const one of await database.rows<Absent>(ABSENT[source], [viewer.actorId, importId])) {
    try {
      await database.transaction(async (tx) => {
        await remove(importer, source, one);
        await tx.rows(COUNT_REMOVED, [importId]);
      });
    } catch (error) {
      if (!(error instanceof DomainError) || error instanceof RateLimited) throw error;
    }
  }
}

async function remove(
  importer: ActingContext,
  source: ImportSource,
  { target, listId }: Absent,
): Promise<void> {
  const actorId = target as ActorId;
  switch (source) {
    case 'CSV_FOLLOWING':
      return unfollowActor(importer, actorId);
    case 'CSV_BLOCKS':
      return setBlock(importer, { actorId, blocked: false });
    case 'CSV_MUTES':
      return setMute(importer, {
        actorId,
        muted: false,
        notifications: true,
        durationSeconds: null,
      });
    case 'CSV_BOOKMARKS':
      return setBookmark(importer, { postId: target as PostId, isBookmarked: false });
    case 'CSV_LISTS':
      await saveActorList(importer, { listId, removeActorIds: [actorId] });
      return;
    case 'CSV_DOMAINS':
      await setDomainBlock(importer, { domain: target, blocked: false });
      return;
    case 'CSV_HASHTAGS':
      await followHashtag(importer, { name: target, isFollowing: false });
  }
}
