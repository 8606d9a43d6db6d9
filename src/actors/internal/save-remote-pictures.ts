/** Pictures of a remote profile: fetched by job when they are new, and let go when another takes their place. */
import { addRemoteMedia, type RemoteMedia } from '../../media/add-remote-media.js';
import { releaseMedia } from '../../media/attach-media.js';
import type { MediaId, MediaState } from '../../media/media.entity.js';
import { addSeconds } from '../../platform/clock.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import type { ActorId } from '../actor.entity.js';

const FIND = statement(
  'actors.remote_pictures',
  `select p.place, m.id, m.remote_url as url, m.state, m.created_at as "createdAt"
   from actors a cross join lateral (values ('avatar', a.avatar_media_id), ('header', a.header_media_id)) p(place, media_id)
     left join media m on m.id = p.media_id
   where a.id = $1 and a.status not in ('SUSPENDED', 'DELETED')`,
);
const SET = {
  avatar: statement('actors.set_avatar', 'update actors set avatar_media_id = $2 where id = $1'),
  header: statement('actors.set_header', 'update actors set header_media_id = $2 where id = $1'),
};
const PURPOSES = { avatar: 'AVATAR', header: 'HEADER' } as const;

/** After so long, what could not be had or used is asked for again with the next look at the profile. */
const GIVEN_UP_SECONDS = 24 * 3600;

interface Place {
  readonly place: 'avatar' | 'header';
  /** Null = empty, as all that follows. */
  readonly id: MediaId | null;
  readonly url: string | null;
  readonly state: MediaState | null;
  readonly createdAt: Date | null;
}

/** Puts what the profile shows in its places, inside the transaction that has written the actor; same address = same picture. */
export async function saveRemotePictures(
  tx: Transaction,
  now: Date,
  actorId: ActorId,
  profile: { readonly avatar: RemoteMedia | null; readonly header: RemoteMedia | null },
): Promise<void> {
  for (const before of await tx.rows<Place>(FIND, [actorId])) {
    const { place } = before;
    const picture = profile[place];
    if (isSettled(before, picture, now)) continue;
    const owner = { ownerId: actorId, access: 'PUBLIC', purpose: PURPOSES[place] } as const;
    const [added = null] = await addRemoteMedia(tx, now, owner, picture ? [picture] : []);
    await tx.rows(SET[place], [actorId, added]);
    if (before.id) await releaseMedia(tx, now, [before.id]);
  }
}

function isSettled({ id, url, state, createdAt }: Place, picture: RemoteMedia | null, now: Date) {
  if (picture === null) return id === null;
  if (url !== picture.url) return false;
  const isGivenUp = state === 'FAILED' || state === 'REJECTED';
  return !isGivenUp || createdAt! > addSeconds(now, -GIVEN_UP_SECONDS);
}
