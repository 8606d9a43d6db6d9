// Somebody of another server, for the tables.
import { Actor } from '../../src/actors/actor.entity.js';
import { newId, toGlobalId } from '../../src/platform/ids.js';
import { fresh, type Scene } from './authorization-table.js';

/** Somebody of another server: here nobody decides about them. */
export async function remoteActor({ world }: Pick<Scene, 'world'>): Promise<string> {
  const now = world.clock.now();
  const id = newId<'actor'>(now);
  const username = fresh('rio');
  const uri = `https://b.example/users/${username}`;
  await world.services.database.transaction(async (tx) => {
    const known = { username, domain: 'b.example', uri, url: uri };
    tx.em.create(Actor, { id, ...known, joinedAt: now, updatedAt: now });
  });
  return toGlobalId('actor', id);
}
