/** Which video of another server may be asked for, and which hosts it names. */
import { statement, type Reader } from '../../../platform/db/database.js';
import type { MediaId } from '../../media.entity.js';
import type { VideoFacts } from '../../video-facts.js';

interface NamedVideo {
  readonly video: VideoFacts;
  readonly poster: string | null;
  readonly domain: string;
  readonly host: string | null;
}

const FIND = statement(
  'media.remote_video',
  `select m.video, m.remote_url as poster, owner.domain, (actor_hosts(owner.id, owner.domain))[2] as host
   from media m join actors owner on owner.id = m.owner_id
   where m.id = $1 and m.kind = 'video' and m.video is not null and m.deleted_at is null
     and owner.domain is not null and owner.status not in ('SUSPENDED', 'DELETED')
     and not (select rejects_media or severity = 'SUSPEND' from domain_policy(actor_hosts(owner.id, owner.domain)))
     and not (select rejects_media from domain_policy(array[$2]))`,
);

/** A video of another server that may be asked for. */
export interface RemoteVideoPlace {
  /** With their ports; its playlists may lead to them. */
  readonly hosts: ReadonlySet<string>;
  /** Null = not said. */
  readonly durationMs: number | null;
}

/**
 * Where it is; null when it is not shown any more, or nothing of its
 * server or of the host of the address is taken.
 */
export async function findRemoteVideo(
  reader: Reader,
  mediaId: MediaId,
  url: string,
): Promise<RemoteVideoPlace | null> {
  const { hostname } = new URL(url);
  const found = await reader.row<NamedVideo>(FIND, [mediaId, hostname]);
  if (!found) return null;
  const { video, poster, domain, host } = found;
  const named = [...video.sources, ...video.captions].map((file) => file.url);
  if (poster !== null) named.push(poster);
  const hosts = named.map((address) => new URL(address).host);
  const all = new Set([...hosts, domain, ...(host === null ? [] : [host])]);
  return { hosts: all, durationMs: video.durationMs };
}
