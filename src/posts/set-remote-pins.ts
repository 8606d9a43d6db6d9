/** Pins of people on other servers, as their servers tell of them. That their author said so is proven by whoever calls. */
import type { ActorId } from '../actors/actor.entity.js';
import type { Visibility } from '../actors/visibility.js';
import type { Services } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import type { PostId } from './post.entity.js';
import { postPinSet } from './posts.events.js';
import { LOCK_PINS, PINS_PER_PROFILE } from './set-post-pinned.js';

const CAN_BE_PINNED = `kind <> 'comment' and not is_local and deleted_at is null and archived_at is null
  and visibility in ('PUBLIC', 'UNLISTED', 'FOLLOWERS')`;
const PIN = statement(
  'pins.remote_pin',
  `update posts set pinned_at = $3 where id = $1 and author_id = $2 and pinned_at is null and ${CAN_BE_PINNED}
   returning id, visibility, true as "isPinned"`,
);
const UNPIN = statement(
  'pins.remote_unpin',
  `update posts set pinned_at = null where id = $1 and author_id = $2 and not is_local and pinned_at is not null
   returning id, visibility, false as "isPinned"`,
);
const TRIM = statement(
  'pins.remote_trim',
  `update posts set pinned_at = null where id in (select id from posts where author_id = $1 and pinned_at is not null
     and not is_local and deleted_at is null order by pinned_at desc, id desc offset ${PINS_PER_PROFILE})
   returning id, visibility, false as "isPinned"`,
);
// The first of a list stands first: it counts as pinned last.
const REPLACE = statement(
  'pins.remote_replace',
  `with wanted as (select id, visibility, pinned_at as before, array_position($2::uuid[], id) as place from posts
     where author_id = $1 and (pinned_at is not null or id = any($2::uuid[])) and ${CAN_BE_PINNED}),
   pinned as (update posts p set pinned_at = $3::timestamptz - wanted.place * interval '1 millisecond'
     from wanted where p.id = wanted.id)
   select id, visibility, place is not null as "isPinned" from wanted where (before is null) <> (place is null)`,
);

interface Changed {
  readonly id: PostId;
  readonly visibility: Visibility;
  readonly isPinned: boolean;
}

type PinServices = Pick<Services, 'database' | 'clock'>;

/** Pins a post of its author, or takes the pin off; of too many pins the oldest fall off. Opens its own transaction. */
export async function setRemotePin(
  { database, clock }: PinServices,
  pin: { readonly authorId: ActorId; readonly postId: PostId; readonly isPinned: boolean },
): Promise<void> {
  const { authorId, postId, isPinned } = pin;
  await database.transaction(async (tx) => {
    await tx.rows(LOCK_PINS, [authorId]);
    const values = isPinned ? [postId, authorId, clock.now()] : [postId, authorId];
    await tell(tx, authorId, await tx.rows<Changed>(isPinned ? PIN : UNPIN, values));
    if (isPinned) await tell(tx, authorId, await tx.rows<Changed>(TRIM, [authorId]));
  });
}

/** Makes these the pinned posts of their author, the first one first. Opens its own transaction. */
export async function replaceRemotePins(
  { database, clock }: PinServices,
  authorId: ActorId,
  postIds: readonly PostId[],
): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.rows(LOCK_PINS, [authorId]);
    const values = [authorId, postIds.slice(0, PINS_PER_PROFILE), clock.now()];
    await tell(tx, authorId, await tx.rows<Changed>(REPLACE, values));
  });
}

async function tell(tx: Transaction, authorId: ActorId, changes: Changed[]): Promise<void> {
  for (const { id: postId, visibility, isPinned } of changes)
    await tx.append(postPinSet, { postId, authorId, visibility, isPinned });
}
