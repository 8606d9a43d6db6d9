/** Candidates with their facts: one statement for each algorithm, which reads bounded pieces of indexes. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader, type Statement } from '../platform/db/database.js';
import { countedOf, seenBy } from '../playback/playback.queries.js';
import { isCountedIn } from '../posts/comment-visibility.js';
import type { PostId } from '../posts/post.entity.js';
import { filterValues, type TimelineChoice } from '../posts/timeline-choice.js';
import type { Algorithm } from '../ranking/algorithm.js';
import type { Candidate, CandidateSource } from '../ranking/ranking-input.js';
import { trendingPlaces } from '../search/trends.js';
import { mayStand, SOURCES, VIEWER } from './internal/candidate-sources.js';

/** Who asks for which candidates. */
export interface CandidateRequest {
  readonly viewerId: ActorId | null;
  readonly now: Date;
  readonly choice: TimelineChoice;
  /** Only older posts, in a feed by time. */
  readonly before: string;
  /** Posts that had a place earlier in the walk. */
  readonly placed: readonly string[];
  /** Ids behind which the next public post is a candidate by lot. */
  readonly points: readonly string[];
  readonly isAutoApproved: boolean;
  /** What the viewer did with posts may be made use of. */
  readonly isProfiled: boolean;
}

/** Smallest and greatest id. */
export const AFTER_ALL = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

const FACTS = `p.id, p.author_id as "authorId", first.source, (extract(epoch from p.published_at) * 1000)::bigint::float8 as "publishedAt",
  coalesce((select array_agg(h.name order by h.name) from post_hashtags used join hashtags h on h.id = used.hashtag_id
    where used.post_id = p.id), '{}') as hashtags,
  p.language, p.is_local as "isLocal", p.ai_disclosure <> 'NONE' as "isAi", trend.place as "trendPlace",
  not exists (select from post_media part join media m on m.id = part.media_id
    where part.post_id = p.id and m.deleted_at is null and coalesce(m.alt_text, '') = '') as "isDescribed",
  exists (select from editorial_picks pick where pick.post_id = p.id and pick.withdrawn_at is null and pick.expires_at > $2) as "isPicked",
  case when exists (select from accounts where actor_id = p.author_id and settings->>'hideCounts' = 'true') then null
    else greatest(0, coalesce(greatest(counts.reactions, counts.remote_likes), 0)
      + coalesce(greatest(counts.comments, counts.remote_comments), 0) + coalesce(greatest(counts.reposts, counts.remote_reposts), 0)
      - coalesce((select withheld.positives from feed_withheld_counts withheld where withheld.post_id = p.id), 0)
      - (select count(*) from reactions where post_id = p.id and actor_id = p.author_id)
      - (select count(*) from posts own where own.root_id = p.id and own.author_id = p.author_id and own.kind = 'comment'
          and own.deleted_at is null and ${isCountedIn('own')}))::int end as positives,
  ${countedOf('views', 'p.id')} as viewers, ${countedOf('views', 'p.id')} as views, ${countedOf('completions', 'p.id')} as completions,
  (p.author_id = ${VIEWER}) is true as "isOwn",
  (${seenBy(VIEWER, 'p.id')} or exists (select from reactions where post_id = p.id and actor_id = ${VIEWER})
    or exists (select from reposts where post_id = p.id and actor_id = ${VIEWER})
    or exists (select from bookmarks where post_id = p.id and owner_id = ${VIEWER})
    or exists (select from posts own where own.root_id = p.id and own.author_id = ${VIEWER} and own.kind = 'comment'
      and own.deleted_at is null)) is true as "isSeen"`;

const statements = new Map<string, Statement>();

/** Posts that may stand in a feed, with the source that is named first of those that have them. */
export function findCandidates(
  reader: Reader,
  algorithm: Algorithm,
  request: CandidateRequest,
): Promise<Candidate[]> {
  return reader.rows<Candidate>(statementOf(algorithm, lookerOf(request)), [
    request.viewerId,
    request.now,
    ...filterValues(request.choice),
    request.before,
    request.placed,
    request.points,
    request.isAutoApproved,
  ]);
}

type Looker = 'anonymous' | 'viewer' | 'profiled';

function lookerOf({ viewerId, isProfiled }: CandidateRequest): Looker {
  if (viewerId === null) return 'anonymous';
  return isProfiled ? 'profiled' : 'viewer';
}

function statementOf(algorithm: Algorithm, looker: Looker): Statement {
  const name = `feeds.candidates.${algorithm.slug}.${looker}`;
  const made = statements.get(name) ?? statement(name, candidatesSql(algorithm, looker));
  statements.set(name, made);
  return made;
}

const BY_TIME = 'chronological';
const OF_VIEWER: readonly CandidateSource[] = [
  'FOLLOWED_ACCOUNT',
  'FOLLOWED_HASHTAG',
  'SIMILAR_CREATOR',
];
/** Made of what the viewer did with posts. */
const OF_PROFILE: CandidateSource = 'SOUND_OR_REMIX';

function candidatesSql(algorithm: Algorithm, looker: Looker): string {
  const isAnonymous = looker === 'anonymous';
  const isGapless = algorithm.slug === BY_TIME;
  const parts = algorithm.sources
    .map((rule, rank) => ({ ...rule, rank }))
    .filter(({ source }) => source !== OF_PROFILE || looker === 'profiled')
    .filter(({ source }) => isGapless || !isAnonymous || !OF_VIEWER.includes(source))
    // By time, people see whom they follow, and who is nobody sees what everybody does.
    .filter(({ source }) => !isGapless || OF_VIEWER.includes(source) !== isAnonymous)
    .map(
      ({ source, limit, rank }) =>
        `select id, '${source}' as source, ${rank} as rank from (${SOURCES[source]({ limit, isGapless })}) of_source`,
    );
  return `with trend as materialized (${trendingPlaces('$11::boolean')}),
    first as materialized (select distinct on (id) id, source from (${parts.join(' union all ')}) gathered
      where id <> all($9::uuid[]) and id < $8 and $10::uuid[] is not null order by id, rank)
    select ${FACTS} from first join posts p on p.id = first.id join actors author on author.id = p.author_id
      left join post_counts counts on counts.post_id = p.id left join trend on trend.post_id = p.id
    where ${mayStand(contextOf(algorithm))}${isGapless ? '' : ` and ${WANTS_TO_BE_FOUND}`}`;
}

// Whom the viewer follows is no discovery.
const WANTS_TO_BE_FOUND = `(author.is_discoverable or first.source in ('FOLLOWED_ACCOUNT', 'FOLLOWED_HASHTAG'))`;
const contextOf = ({ slug }: Algorithm) => (slug === BY_TIME ? 'HOME' : 'PUBLIC');
const standing = (context: 'HOME' | 'PUBLIC') =>
  statement(
    `feeds.standing.${context}`,
    `select p.id from posts p join actors author on author.id = p.author_id where p.id = any($8::uuid[]) and ${mayStand(context)}`,
  );
const STANDING = { HOME: standing('HOME'), PUBLIC: standing('PUBLIC') };

/** Which of the posts may still stand in the viewer's feed: what was computed is older than a block, a mute or a filter. */
export async function findStanding(
  reader: Reader,
  algorithm: Algorithm,
  { viewerId, now, choice }: Pick<CandidateRequest, 'viewerId' | 'now' | 'choice'>,
  ids: readonly PostId[],
): Promise<Set<string>> {
  const values = [viewerId, now, ...filterValues(choice), ids];
  const rows = await reader.rows<{ id: PostId }>(STANDING[contextOf(algorithm)], values);
  return new Set(rows.map(({ id }) => id));
}
