/** The rule of who sees what, asked for one post or comment and everybody who is connected. */
import type { ActorId } from '../actors/actor.entity.js';
import type { Onlooker } from '../platform/realtime/live-source.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { CommentId, PostId } from './post.entity.js';
import { canSee, visibleTo, type VisibilityFacts } from './visibility.js';

/** Whom to ask about. */
export interface SeenSubject {
  readonly id: PostId | CommentId;
  /** Ask as if it were not deleted: who could see it may learn that it is gone. */
  readonly asIfPresent?: boolean;
  /** Ask as if its author had not put it away, for the same reason. */
  readonly asIfListed?: boolean;
  /** Ask as if it were not hidden, for the same reason. */
  readonly asIfShown?: boolean;
}

/** Tells of one connected actor, or of anonymous clients. */
export type WhoSees = (onlooker: Onlooker) => boolean;

/** Blocks of an author up to which it is cheaper to fetch them than to ask for each onlooker. */
const MAX_BLOCKS = 1000;

interface OpenRow extends Omit<
  VisibilityFacts,
  'root' | 'isBlocked' | 'isFollower' | 'isMentioned' | 'narrowings'
> {
  readonly id: PostId | CommentId;
  /** It is a comment for fewer people than see the post, or stands below one. */
  readonly isNarrowed: boolean;
  /** Those whom a block stands between and the author, at most MAX_BLOCKS + 1. */
  readonly blockedIds: readonly ActorId[];
}

const OPEN = statement(
  'posts.open_to_onlookers',
  `select p.id, p.author_id as "authorId", author.status as "authorStatus", p.visibility,
     p.deleted_at is not null and not (p.id = $1 and $2) as "isDeleted",
     p.archived_at is not null and not (p.id = $1 and $3) as "isArchived",
     p.hidden_through is not null and not $4 as "isHidden", p.narrowed_through is not null as "isNarrowed",
     array((select blocked_id from blocks where blocker_id = p.author_id union all
       select blocker_id from blocks where blocked_id = p.author_id) limit ${MAX_BLOCKS + 1}) as "blockedIds"
   from posts p join actors author on author.id = p.author_id
   where p.id = $1 or p.id = (select root_id from posts where id = $1)`,
);

// Whoever sees it is left out of the answer. Unknown counts as invisible.
const EXCLUDED = statement(
  'posts.excluded_onlookers',
  `select onlooker.id from unnest($2::uuid[]) onlooker (id)
   left join (select id, author_id, root_id, visibility, narrowed_through, case when $3 then null else deleted_at end as deleted_at,
       case when $4 then null else archived_at end as archived_at,
       case when $5 then null else hidden_through end as hidden_through
     from posts where id = $1) subject on true
   where subject.id is null or ${visibleTo('subject', 'onlooker.id')} is not true`,
);

/**
 * Tells for each onlooker whether they see the post or comment now: one statement when everybody may see it but those
 * blocked, however many are connected; two otherwise.
 */
export async function findWhoSees(
  reader: Reader,
  { id, asIfPresent = false, asIfListed = false, asIfShown = false }: SeenSubject,
  onlookers: readonly Onlooker[],
): Promise<WhoSees> {
  const asIf = [asIfPresent, asIfListed, asIfShown];
  const rows = await reader.rows<OpenRow>(OPEN, [id, ...asIf]);
  if (rows.length === 0) return () => false;
  if (rows.every(isOpen)) return seesOpen(id, rows);
  const found = await reader.rows<{ id: Onlooker }>(EXCLUDED, [id, onlookers, ...asIf]);
  const excluded = new Set(found.map((row) => row.id));
  return (onlooker) => !excluded.has(onlooker);
}

/** True when blocks are all that can keep somebody from seeing it. */
function isOpen({ visibility, isArchived, isNarrowed, blockedIds }: OpenRow): boolean {
  const isForAll =
    !isArchived && !isNarrowed && (visibility === 'PUBLIC' || visibility === 'UNLISTED');
  return isForAll && blockedIds.length <= MAX_BLOCKS;
}

function seesOpen(id: PostId | CommentId, rows: readonly OpenRow[]): WhoSees {
  const known = rows.map((row) => ({ ...row, blocked: new Set<Onlooker>(row.blockedIds) }));
  const subject = known.find((row) => row.id === id);
  const root = known.find((row) => row.id !== id) ?? null;
  if (!subject) return () => false;
  return (onlooker) => {
    const who = onlooker === null ? null : { actorId: onlooker, isLocal: true };
    return canSee(who, {
      ...factsFor(onlooker, subject),
      root: root && { ...factsFor(onlooker, root), root: null },
    });
  };
}

/** Of something open nobody asks who follows or is mentioned. */
function factsFor(
  onlooker: Onlooker,
  row: OpenRow & { readonly blocked: ReadonlySet<Onlooker> },
): Omit<VisibilityFacts, 'root'> {
  const { authorId, authorStatus, isDeleted, isArchived, isHidden, visibility, blocked } = row;
  return {
    authorId,
    authorStatus,
    isDeleted,
    isArchived,
    isHidden,
    visibility,
    isBlocked: blocked.has(onlooker),
    isFollower: false,
    isMentioned: false,
    narrowings: [],
  };
}
