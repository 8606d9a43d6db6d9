/**
 * People of Pixelfed to whom a post for named people goes. What is addressed to several of them, and has a picture, Pixelfed
 * 0.12 shows to all followers of its author; addressed to one person alone, it is a message to that person.
 */
import { createHash } from 'node:crypto';
import type { Reader } from '../platform/db/database.js';
import type { Activity } from './documents/activities.js';
import type { FederatedPost } from './federated-post.queries.js';
import { peopleOfSoftware, type Inbox } from './recipients.queries.js';

const PIXELFED = 'pixelfed';

/** What one of them is told, and where. */
export interface ToldAlone {
  readonly activity: Activity;
  readonly inbox: Inbox;
}

/** The Create of a post as each of them gets it; nobody where it makes no difference. */
export async function toldAlone(
  reader: Reader,
  { kind, visibility }: Pick<FederatedPost, 'kind' | 'visibility'>,
  create: Activity,
): Promise<ToldAlone[]> {
  const isForNamed = visibility === 'MENTIONED' && kind !== 'comment' && create.type === 'Create';
  if (!isForNamed || create.to.length + create.cc.length < 2) return [];
  const people = await peopleOfSoftware(reader, [...create.to, ...create.cc], PIXELFED);
  return people.map(({ uri, inboxUrl, host }) => ({
    activity: forOne(create, uri),
    inbox: { inboxUrl, host },
  }));
}

function forOne(create: Activity, uri: string): Activity {
  const name = createHash('sha256').update(uri).digest('hex').slice(0, 32);
  const only = { to: [uri], cc: [] };
  const object = { ...(create.object as object), ...only };
  return { ...create, ...only, id: `${create.id}/to/${name}`, object };
}
