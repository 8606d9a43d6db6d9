/** Where a post of somebody of this server has arrived: of each host what became of the last that it was told. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { PageRequest } from '../platform/db/page.js';
import { batchedPage } from '../posts/page-sql.js';

/** What became of something on its way. */
export const DELIVERY_STATES = {
  DELIVERED: 'The server has taken it.',
  PENDING: 'It is on its way, or will be tried again.',
  FAILED: 'It was refused, or given up.',
  PARKED: 'The server has not answered for days; it gets this when it is back soon enough.',
} as const;

/** One of the states. */
export type DeliveryState = keyof typeof DELIVERY_STATES;

/** How many servers know the last of a post. */
export interface FederationCounts {
  readonly postId: string;
  readonly delivered: number;
  readonly pending: number;
  readonly failed: number;
  readonly parked: number;
  /** Null = nothing has failed. */
  readonly lastFailure: string | null;
}

/** One server. */
export interface HostDeliveryRow {
  readonly ownerId: string;
  /** Made of the host: a place in the list. */
  readonly key: string;
  readonly host: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly failure: string | null;
  readonly nextAttemptAt: Date;
}

// A server with several inboxes counts as its worst one.
const latest = (post: string, author: string): string =>
  `select distinct on (d.host) d.host, d.state, d.attempts, d.last_failure, d.next_attempt_at, s.position
   from posts p join sent_activities s on s.subject_id = p.id and starts_with(s.uri, p.uri)
     join deliveries d on d.activity_id = s.id
   where p.id = ${post} and p.author_id = ${author} and s.actor_id = ${author}
   order by d.host, s.position desc, d.state = 'DELIVERED', d.inbox_url`;

const COUNTS = statement(
  'post_federation.counts',
  `select post.id as "postId", count(*) filter (where state = 'DELIVERED')::int as delivered,
     count(*) filter (where state = 'PENDING')::int as pending, count(*) filter (where state = 'FAILED')::int as failed,
     count(*) filter (where state = 'PARKED')::int as parked,
     (array_agg(last_failure order by position desc, host) filter (where state <> 'DELIVERED' and last_failure is not null))[1]
       as "lastFailure"
   from unnest($1::uuid[]) post(id) cross join lateral (${latest('post.id', '$2')}) latest group by post.id`,
);
const HOSTS = batchedPage('post_federation.hosts', {
  select: `select md5(host)::uuid as key, host, state, attempts, next_attempt_at as "nextAttemptAt",
      case when state <> 'DELIVERED' then last_failure end as failure
    from (${latest('owner.id', '$4::uuid')}) latest where ($5::text is null or state = $5)`,
  key: 'md5(host)::uuid',
});

/** Numbers of servers, for posts of one author; posts that were sent nowhere are left out. */
export function countFederation(
  reader: Reader,
  postIds: readonly string[],
  authorId: ActorId,
): Promise<FederationCounts[]> {
  return reader.rows<FederationCounts>(COUNTS, [postIds, authorId]);
}

/** Servers to which posts of one author were sent; `state` null = all. */
export function findFederationHosts(
  reader: Reader,
  postIds: readonly string[],
  request: PageRequest,
  authorId: ActorId,
  state: DeliveryState | null,
): Promise<HostDeliveryRow[]> {
  return reader.rows<HostDeliveryRow>(...HOSTS(postIds, request, [authorId, state]));
}
