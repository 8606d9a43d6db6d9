// Locks of people who leave, read and are erased while others write to them.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ActorId } from '../../src/actors/actor.entity.js';
import { leaveSomeConversations } from '../../src/chat/erase-sender.js';
import { statement } from '../../src/platform/db/database.js';
import { parseGlobalId } from '../../src/platform/ids.js';
import { converse } from '../support/chat.js';
import {
  acknowledgeUpTo,
  equippedPeople,
  talk,
  type ChatDevice,
} from '../support/encrypted-chat.js';
import { untilLockWait } from '../support/lock-wait.js';
import { innerId } from '../support/posts.js';
import { startWorld, type World } from '../support/world.js';

const GONE = statement('test.actor_is_gone', `update actors set status = 'DELETED' where id = $1`);
const LEFT = statement('test.conversation_is_left', 'select id from conversations where id = $1');

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

test('whoever leaves all conversations and whoever writes in one take their locks in one order', async () => {
  const [ada, ben] = [await world.local('leaver'), await world.local('listener')];
  const { conversation } = await converse(ada, ben.actorGlobalId);
  const id = innerId(conversation!.id);
  const { database } = world.services;
  await database.rows(GONE, [innerId(ben.actorGlobalId)]);
  const writer = await database.pool.connect();
  try {
    await writer.query('begin');
    await writer.query('select id from conversations where id = $1 for update', [id]);
    const leaving = leaveSomeConversations(world.services, innerId(ada.actorGlobalId) as ActorId);
    expect(await untilLockWait(database, leaving)).toBe(true);
    await writer.query(
      'update conversation_members set is_muted = false where conversation_id = $1',
      [id],
    );
    await writer.query('commit');
    expect(await leaving).toBe(1);
  } finally {
    writer.release();
  }
  expect(await database.row(LEFT, [id])).toBeNull();
});

test('whoever has everything does not wait for whoever lets go of the same', async () => {
  const [ada, ben] = (await equippedPeople(world, 2)) as [ChatDevice, ChatDevice];
  const [one] = await talk(ada, [ben]);
  await acknowledgeUpTo(ada, '1');
  const { database } = world.services;
  const { id } = parseGlobalId(one.conversationId)!;
  const remover = await database.pool.connect();
  try {
    await remover.query('begin');
    await remover.query('select id from chat_messages where conversation_id = $1 for update', [id]);
    const acknowledged = acknowledgeUpTo(ben, '1');
    expect(await untilLockWait(database, acknowledged)).toBe(false);
    await remover.query('delete from chat_messages where conversation_id = $1', [id]);
    await remover.query('commit');
    expect((await acknowledged).userErrors).toEqual([]);
  } finally {
    remover.release();
  }
});
