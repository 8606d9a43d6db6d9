/** Facts for the rule in code: what commands look at before they touch a post or comment. */
import type { ActorId } from '../actors/actor.entity.js';
import type { CommentPolicy, QuotePolicy } from '../actors/visibility.js';
import type { Reader } from '../platform/db/database.js';
import { statementForMany, type Placed } from '../platform/db/for-many.js';
import type { Narrowed } from './comment-visibility.js';
import type { CommentId, PostId, PostKind } from './post.entity.js';
import type { AudienceFacts, VisibilityFacts } from './visibility.js';

/** A comment for fewer people than see the post, as a command finds it. */
export interface NarrowingFacts extends AudienceFacts {
  /** Somebody of this server wrote it, so who follows them is known here. */
  readonly isLocal: boolean;
}

/** A post or comment as a command finds it: the facts of the rule and what commands decide by. */
export interface SubjectFacts extends VisibilityFacts, Narrowed {
  readonly id: PostId | CommentId;
  readonly kind: PostKind;
  readonly parentId: CommentId | null;
  /** Of a comment: the one by whose hiding it is hidden; null = not hidden. */
  readonly hiddenThrough: CommentId | null;
  readonly isLocal: boolean;
  readonly commentPolicy: CommentPolicy;
  readonly quotePolicy: QuotePolicy;
  /** The post that it quotes; null = none, or detached by its author. */
  readonly quotedId: PostId | null;
  /** The author is an accepted follower of the onlooker. */
  readonly isFollowedByAuthor: boolean;
  readonly root: SubjectFacts | null;
  readonly narrowings: readonly NarrowingFacts[];
}

interface FactRow extends Omit<SubjectFacts, 'root' | 'narrowings'>, Placed {
  readonly rootId: PostId | null;
}

// By the key in both cases: an "or" between them would read all posts there are.
const FACTS = statementForMany(
  'posts.facts',
  `select asked.place, p.id, p.kind, p.root_id as "rootId", p.parent_id as "parentId", p.is_local as "isLocal",
     p.hidden_through as "hiddenThrough", p.hidden_through is not null as "isHidden",
     p.narrowed_to as "narrowedTo", p.narrowed_through as "narrowedThrough",
     p.author_id as "authorId", author.status as "authorStatus", p.visibility, p.comment_policy as "commentPolicy",
     p.quote_policy as "quotePolicy", case when p.quote_detached_at is null then p.quoted_id end as "quotedId",
     p.deleted_at is not null as "isDeleted", p.archived_at is not null as "isArchived",
     exists (select from blocks where blocker_id = p.author_id and blocked_id = asked."viewerId")
       or exists (select from blocks where blocker_id = asked."viewerId" and blocked_id = p.author_id) as "isBlocked",
     exists (select from follows where follower_id = asked."viewerId" and followee_id = p.author_id and state = 'ACCEPTED') as "isFollower",
     exists (select from follows where follower_id = p.author_id and followee_id = asked."viewerId" and state = 'ACCEPTED') as "isFollowedByAuthor",
     exists (select from post_mentions where post_id = p.id and actor_id = asked."viewerId") as "isMentioned"
   from jsonb_to_recordset($1::jsonb) as asked(place int, ids uuid[], "viewerId" uuid)
     cross join lateral (select unnest(asked.ids) as id
       union select root_id from posts where id = any(asked.ids) and root_id is not null
       union select unnest(narrowed_through) from posts where id = any(asked.ids)) wanted
     join posts p on p.id = wanted.id join actors author on author.id = p.author_id`,
);

/**
 * Facts of posts and comments for one onlooker (null = anonymous), by id. Unknown ids are absent;
 * deleted and invisible ones are present: `canSee` decides.
 */
export async function findSubjectFacts(
  reader: Reader,
  ids: readonly string[],
  viewerId: ActorId | null,
): Promise<Map<string, SubjectFacts>> {
  const rows = await reader.ask<FactRow>(FACTS, { ids, viewerId });
  const byId = new Map(rows.map((row) => [row.id as string, row]));
  return new Map(
    ids.flatMap((id) => {
      const row = byId.get(id);
      return row ? [[id, toFacts(row, byId)] as const] : [];
    }),
  );
}

function toFacts(row: FactRow, byId: ReadonlyMap<string, FactRow>): SubjectFacts {
  const { rootId, place: _place, ...facts } = row;
  const root = rootId === null ? undefined : byId.get(rootId);
  const narrowings = (facts.narrowedThrough ?? []).map((id) => audienceOf(byId.get(id)));
  return { ...facts, narrowings, root: root ? toFacts(root, byId) : null };
}

/** Whom a comment is for by itself. */
function audienceOf(row: FactRow | undefined): NarrowingFacts {
  if (!row?.narrowedTo) throw new Error('A comment stands below those that narrow it');
  const { authorId, isLocal, isFollower, isMentioned, narrowedTo: visibility } = row;
  return { authorId, isLocal, isFollower, isMentioned, visibility };
}
