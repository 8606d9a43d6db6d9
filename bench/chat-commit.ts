// What a change of a large group takes: the client package on the device of whoever makes it, and the server.
import { Chat } from '../sdk/src/chat/chat.js';
import { TriptychClient } from '../sdk/src/client/client.js';
import { MemoryStorage } from '../sdk/src/store/storage.js';
import { Store } from '../sdk/src/store/store.js';
import { bringPeople, type ChatPerson, type ChatWorld } from './chat-world.js';
import type { Contestant } from './contestant.js';
import { limited, type Figure } from './figure.js';

const DEVICES = 100;
const COMMITS = 7;
const COMMIT_MS = 500;
const AT_ONCE = 4;

/** Nobody invites strangers by the dozen. */
const FOLLOW = `insert into follows (follower_id, followee_id, id, state, requested_at, accepted_at)
  select follower, $1, uuidv7(), 'ACCEPTED', now(), now() from unnest($2::uuid[]) follower`;

/**
 * Whoever has let all others in renews their own keys, for all of them. The others are silent: where nobody else has renewed
 * theirs, a commit is as large as it gets.
 */
export async function commitFigure(server: Contestant, world: ChatWorld): Promise<Figure> {
  const people = await bringPeople(world.pool, 'g', DEVICES);
  const [first, ...others] = people as [ChatPerson, ...ChatPerson[]];
  await world.pool.query(FOLLOW, [first.actorId, others.map(({ actorId }) => actorId)]);
  const left = [...others];
  const open = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) await openChat(server, next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, open));
  const chat = await openChat(server, first);
  const group = await chat.createGroup(others.map(({ username }) => username));
  const values: number[] = [];
  for (let commit = -1; commit < COMMITS; commit++) {
    const startedAt = performance.now();
    await chat.renewKeys(group);
    if (commit >= 0) values.push(performance.now() - startedAt);
  }
  const name = `chat: a commit in a group of ${DEVICES} devices / ${COMMIT_MS} ms`;
  return limited(name, values, COMMIT_MS, 'ms');
}

async function openChat({ port }: Contestant, { token }: ChatPerson): Promise<Chat> {
  const client = new TriptychClient({ origin: `http://127.0.0.1:${port}`, token });
  const store = await Store.open(new MemoryStorage(), new Uint8Array(32));
  return Chat.open(client, store, { name: 'Phone', platform: 'Bench' });
}
