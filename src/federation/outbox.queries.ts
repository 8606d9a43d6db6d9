/** What somebody said in public: their posts and reposts, as a reader sees them who is nobody. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import { toPage, type Page, type PageRequest } from '../platform/db/page.js';
import { singlePage } from '../posts/page-sql.js';
import type { PostId, RepostId } from '../posts/post.entity.js';
import { postListedTo } from '../posts/visibility.js';

/** A post, or a repost of one. */
export interface OutboxRow {
  /** Of the post, or of the repost: its place. */
  readonly id: PostId | RepostId;
  readonly isRepost: boolean;
  readonly createdAt: Date;
  readonly postUri: string;
  readonly postAuthorUri: string;
}

const SEEN = postListedTo('p', 'null::uuid', { authorStatus: 'author.status' });
const POSTS = `from posts p join actors author on author.id = p.author_id
  where p.kind <> 'comment' and p.deleted_at is null and p.visibility in ('PUBLIC', 'UNLISTED') and ${SEEN}`;
const REPOSTS = `from reposts r join posts p on p.id = r.post_id join actors author on author.id = p.author_id
  where p.kind <> 'comment' and ${SEEN}`;
const ITEM = `p.uri as "postUri", author.uri as "postAuthorUri"`;

const PAGE = singlePage('federation.outbox', {
  select: (pageEnd) => `select item.* from (
     (select * from (select p.id, false as "isRepost", p.published_at as "createdAt", ${ITEM}
       ${POSTS} and p.author_id = $3::uuid) said where true ${pageEnd})
     union all
     (select * from (select r.id, true as "isRepost", r.created_at as "createdAt", ${ITEM}
       ${REPOSTS} and r.actor_id = $3::uuid) passed_on where true ${pageEnd})
   ) item where true`,
  key: 'id',
});

/** Reposts are counted up to here: the exact number of very many would cost more than it says. */
const COUNTED_REPOSTS = 10_000;

const COUNT = statement(
  'federation.outbox_count',
  `select (coalesce((select posts from actor_counts where actor_id = $1), 0)
     + (select count(*) from (select 1 ${REPOSTS} and r.actor_id = $1 limit ${COUNTED_REPOSTS}) counted))::int as count`,
);

/** A page of what an actor said, newest first. */
export async function findOutboxPage(
  reader: Reader,
  actorId: ActorId,
  request: PageRequest,
): Promise<Page<OutboxRow>> {
  return toPage(request, await reader.rows<OutboxRow>(...PAGE(request, [actorId])));
}

/** How much an actor said. */
export async function countOutbox(reader: Reader, actorId: ActorId): Promise<number> {
  return (await reader.row<{ count: number }>(COUNT, [actorId]))?.count ?? 0;
}
