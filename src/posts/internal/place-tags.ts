/** Writes the tags of a post as its author wants them and as the people on them allow. */
import { accountSettings } from '../../accounts/settings.js';
import type { AccountRow } from '../../accounts/accounts.queries.js';
import type { ActorId } from '../../actors/actor.entity.js';
import type { MediaId } from '../../media/media.entity.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import { Forbidden, NotFound } from '../../platform/errors.js';
import { newId } from '../../platform/ids.js';
import type { PhotoTagId, TagPlacement } from '../photo-tag.js';
import { stateOfNewTag } from '../photo-tag.policy.js';
import type { PostId } from '../post.entity.js';
import { personTagged } from '../posts.events.js';
import { blockedBetween, isShown, visibleTo } from '../visibility.js';

/** The post whose pictures people are tagged in. */
export interface TaggedPost {
  readonly id: PostId;
  readonly authorId: ActorId;
}

type TagState = 'PENDING' | 'APPROVED' | 'DECLINED';
type StoredTag = TagPlacement & { readonly id: PhotoTagId; readonly state: TagState };
type NewTag = StoredTag & { readonly decidedAt: Date | null };

interface PersonRow extends Pick<AccountRow, 'settings' | 'language'> {
  readonly id: ActorId;
  readonly isLocal: boolean;
  readonly isBlocked: boolean;
  readonly seesPost: boolean;
  readonly followsAuthor: boolean;
}

const STORED = statement(
  'tags.stored',
  `select id, media_id as "mediaId", actor_id as "actorId", x, y, state from photo_tags where post_id = $1`,
);
const PEOPLE = statement(
  'tags.people',
  `select a.id, account.id is not null as "isLocal", account.settings, coalesce(account.language, 'en') as language,
     ${blockedBetween('a.id', 'p.author_id')} as "isBlocked", ${visibleTo('p', 'a.id')} as "seesPost",
     exists (select from follows where follower_id = a.id and followee_id = p.author_id and state = 'ACCEPTED') as "followsAuthor"
   from posts p join actors a on a.id = any($2::uuid[])
     left join accounts account on account.actor_id = a.id and account.state = 'ACTIVE'
   where p.id = $1 and ${isShown('a.status')}`,
);
const REMOVE = statement('tags.remove', 'delete from photo_tags where id = any($1::uuid[])');
const MOVE = statement(
  'tags.move',
  `update photo_tags t set x = m.x, y = m.y
   from jsonb_to_recordset($1::jsonb) as m(id uuid, x float8, y float8) where t.id = m.id`,
);
const ADD = statement(
  'tags.add',
  `insert into photo_tags (id, post_id, media_id, actor_id, x, y, state, created_at, decided_at)
   select t.id, $1, t."mediaId", t."actorId", t.x, t.y, t.state, $3, t."decidedAt"
   from jsonb_to_recordset($2::jsonb)
     as t(id uuid, "mediaId" uuid, "actorId" uuid, x float8, y float8, state text, "decidedAt" timestamptz)`,
);

/**
 * Gives a post these tags and no others; those that stay keep the answer of their person. Needs the lock of the post,
 * and tags that `requireTags` has accepted.
 *
 * @returns true when that is different from before
 * @throws {NotFound} NOT_FOUND for somebody who is not there
 * @throws {Forbidden} FORBIDDEN for somebody who cannot be tagged here, whatever the reason
 */
export async function placeTags(
  tx: Transaction,
  now: Date,
  post: TaggedPost,
  tags: readonly TagPlacement[],
): Promise<boolean> {
  const stored = await tx.rows<StoredTag>(STORED, [post.id]);
  const known = new Map(stored.map((tag) => [keyOf(tag), tag]));
  const isKept = (tag: TagPlacement): boolean => {
    const before = known.get(keyOf(tag));
    return before !== undefined && before.state !== 'DECLINED';
  };
  const wanted = new Set(tags.map(keyOf));
  const removed = stored.filter((tag) => tag.state !== 'DECLINED' && !wanted.has(keyOf(tag)));
  const moved = tags.filter(isKept).flatMap((tag) => {
    const { id, x, y } = known.get(keyOf(tag))!;
    return x === tag.x && y === tag.y ? [] : [{ id, x: tag.x, y: tag.y }];
  });
  const declined = stored.filter(({ state }) => state === 'DECLINED');
  const added = await judgeTags(tx, now, post, tags, isKept, declined);
  if (removed.length > 0) await tx.rows(REMOVE, [removed.map(({ id }) => id)]);
  if (moved.length > 0) await tx.rows(MOVE, [JSON.stringify(moved)]);
  if (added.length > 0) await addTags(tx, now, post, added);
  return removed.length + moved.length + added.length > 0;
}

/** Takes away the tags of pictures that have left the album; a refusal to be on the post is kept. */
export async function dropTagsOutside(
  tx: Transaction,
  postId: PostId,
  album: readonly MediaId[],
): Promise<void> {
  const stored = await tx.rows<StoredTag>(STORED, [postId]);
  const gone = stored.filter(
    ({ mediaId, state }) => state !== 'DECLINED' && !album.includes(mediaId),
  );
  if (gone.length > 0) await tx.rows(REMOVE, [gone.map(({ id }) => id)]);
}

function keyOf({ mediaId, actorId }: Pick<TagPlacement, 'mediaId' | 'actorId'>): string {
  return `${mediaId} ${actorId}`;
}

/** New tags with what becomes of them; the first that may not be refuses all. */
async function judgeTags(
  tx: Transaction,
  now: Date,
  post: TaggedPost,
  tags: readonly TagPlacement[],
  isKept: (tag: TagPlacement) => boolean,
  declined: readonly StoredTag[],
): Promise<NewTag[]> {
  if (tags.every(isKept)) return [];
  const ids = [...new Set(tags.map(({ actorId }) => actorId))];
  const rows = await tx.rows<PersonRow>(PEOPLE, [post.id, ids]);
  const people = new Map(rows.map((row) => [row.id, row]));
  const refusals = new Set(declined.map(({ actorId }) => actorId));
  return tags.flatMap((tag, index) => {
    if (isKept(tag)) return [];
    const path = ['tags', String(index), 'actorId'];
    const person = people.get(tag.actorId);
    if (!person) throw new NotFound(path);
    const state = stateFor(person, post, refusals);
    if (!state) throw new Forbidden('This person cannot be tagged here.', 'FORBIDDEN', path);
    const decidedAt = state === 'APPROVED' ? now : null;
    return [{ ...tag, id: newId<'tag'>(now), state, decidedAt }];
  });
}

function stateFor(
  person: PersonRow,
  post: TaggedPost,
  refusals: ReadonlySet<ActorId>,
): 'PENDING' | 'APPROVED' | null {
  const { allowTagsFrom, reviewTags } = accountSettings(person);
  return stateOfNewTag({
    ...person,
    isSelf: person.id === post.authorId,
    hasDeclined: refusals.has(person.id),
    policy: allowTagsFrom,
    reviews: reviewTags,
  });
}

async function addTags(
  tx: Transaction,
  now: Date,
  { id: postId, authorId }: TaggedPost,
  added: readonly NewTag[],
): Promise<void> {
  await tx.rows(ADD, [postId, JSON.stringify(added), now]);
  for (const { id: tagId, actorId, state } of added) {
    if (actorId === authorId) continue;
    const isPending = state === 'PENDING';
    await tx.append(personTagged, { tagId, postId, authorId, actorId, isPending });
  }
}
