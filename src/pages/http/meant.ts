/** What an address or handle means that somebody brings along from another server. Nobody is asked: only what is known counts. */
import type { ActorStatus } from '../../actors/actor.entity.js';
import { findActorByHandle, findActorByUrl, type ActorRow } from '../../actors/actor.queries.js';
import type { Services } from '../../platform/context.js';
import type { Locale } from '../../platform/messages/catalogue.js';
import { isStorable } from '../../platform/storable-text.js';
import { findPostByUrl } from '../../posts/post.queries.js';
import { warningOf } from './post-page.js';
import { findAvatar, nameOf, type ShownPicture } from './shown.js';

interface Known {
  readonly name: string;
  readonly handle: string;
  readonly avatar: ShownPicture | null;
  /** What an app has to search for. */
  readonly search: string;
}

/** A person or post, or something that is not known here. */
export type Meant =
  | { readonly kind: 'unknown'; readonly search: string }
  | ({ readonly kind: 'person' } & Known)
  | ({ readonly kind: 'post'; readonly warning: string | null; readonly caption: string } & Known);

const LONGEST = 1_024;
const HANDLE = /^(?:acct:)?@?([^@\s/:?#]{1,255})@([^@\s/?#]{1,255})$/i;
const SHOWN: ReadonlySet<ActorStatus> = new Set(['ACTIVE', 'LIMITED', 'MOVED', 'MEMORIAL']);

/** Null for what is neither a handle nor a web address. */
export async function findMeant(
  services: Services,
  uri: unknown,
  locale: Locale,
): Promise<Meant | null> {
  if (typeof uri !== 'string' || uri.length > LONGEST || !isStorable(uri)) return null;
  const [, username, domain] = HANDLE.exec(uri.trim()) ?? [];
  if (username !== undefined && domain !== undefined) {
    const host = domain.toLowerCase();
    const known = host === services.config.publicUrl.host ? null : host;
    const actor = await findActorByHandle(services.database, username, known);
    return (await person(services, actor)) ?? { kind: 'unknown', search: `@${username}@${host}` };
  }
  const url = URL.parse(uri);
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null;
  const actor = await findActorByUrl(services.database, uri);
  return (
    (await person(services, actor)) ??
    (await post(services, uri, locale)) ?? { kind: 'unknown', search: url.href }
  );
}

async function person(services: Services, actor: ActorRow | null): Promise<Meant | null> {
  if (!actor || !SHOWN.has(actor.status)) return null;
  const handle = `@${actor.username}@${actor.domain ?? services.config.publicUrl.host}`;
  const avatar = await findAvatar(services, actor);
  return { kind: 'person', name: nameOf(actor), handle, avatar, search: handle };
}

async function post(services: Services, uri: string, locale: Locale): Promise<Meant | null> {
  const found = await findPostByUrl(services.database, uri, null);
  if (!found || found.isArchived) return null;
  const { authorUsername: username, authorDisplayName: displayName, authorDomain } = found;
  return {
    kind: 'post',
    name: nameOf({ displayName, username }),
    handle: `@${username}@${authorDomain ?? services.config.publicUrl.host}`,
    avatar: await findAvatar(services, { avatarMediaId: found.authorAvatarMediaId }),
    search: found.uri,
    warning: warningOf(found, locale),
    caption: found.caption,
  };
}
