// The order of lists of conversations: what is said for all who take part, and what each of them says, make one order.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseGlobalId } from '../../src/platform/ids.js';
import { arrange, converse, write } from '../support/chat.js';
import { follow } from '../support/posts.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world[Symbol.asyncDispose]());

const innerId = (id: string): string => parseGlobalId(id)!.id;

/** One who talks with so many others, each of whom the one follows. */
async function talks(name: string, count: number): Promise<readonly [Person, string[]]> {
  const one = await world.local(name);
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    const other = await world.local(`${name}x${index}`);
    await follow(world, one, other);
    await follow(world, other, one);
    const { conversation } = await converse(one, other.actorGlobalId);
    await write(other, conversation!.id, 'Hello');
    ids.push(conversation!.id);
  }
  return [one, ids];
}

interface Listed {
  readonly nodes: readonly { readonly id: string }[];
  readonly pageInfo: {
    readonly startCursor: string | null;
    readonly endCursor: string | null;
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
  };
}

async function page(who: Person, words: string): Promise<Listed> {
  const { data } = await who.graphql<{ viewer: { chat: { conversations: Listed } } }>(
    `{ viewer { chat { conversations(${words}) { nodes { id }
       pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } } } }`,
  );
  return data.viewer.chat.conversations;
}

async function forward(who: Person): Promise<string[]> {
  const ids: string[] = [];
  for (let after = ''; ;) {
    const { nodes, pageInfo } = await page(who, `first: 2${after}`);
    ids.push(...nodes.map(({ id }) => id));
    if (!pageInfo.hasNextPage) return ids;
    after = `, after: "${pageInfo.endCursor}"`;
  }
}

async function backward(who: Person): Promise<string[]> {
  const ids: string[] = [];
  for (let before = ''; ;) {
    const { nodes, pageInfo } = await page(who, `last: 2${before}`);
    ids.unshift(...nodes.map(({ id }) => id));
    if (!pageInfo.hasPreviousPage) return ids;
    before = `, before: "${pageInfo.startCursor}"`;
  }
}

/** Where somebody is told of, and where the conversation stands for all; null = as everybody says. */
async function place(id: string, own: string, common: string | null): Promise<void> {
  const { pool } = world.services.database;
  const rest = '-7000-8000-000000000000';
  await pool.query('update conversation_members set position = $2 where conversation_id = $1', [
    innerId(id),
    own + rest,
  ]);
  await pool.query('update conversations set position = $2 where id = $1', [
    innerId(id),
    common && common + rest,
  ]);
}

test('pages are in the order of the last message, in both directions, however that is kept', async () => {
  const [ada, ids] = await talks('lists', 7);
  const [a, b, c, d, e, f, g] = ids as [string, string, string, string, string, string, string];
  // Of one span, in another order than each says; then of an earlier one; and some as they were kept before.
  await place(a, '01999901-0000', '01999904-0000');
  await place(b, '01999903-0000', '01999903-0001');
  await place(c, '01999902-0000', '01999902-0000');
  await place(d, '01999905-0000', null);
  await place(e, '01999803-0000', '019998ff-ffff');
  await place(f, '01999900-0000', '01999700-0000');
  await place(g, '01999804-0000', null);
  const order = [d, a, b, c, f, e, g];
  expect(await forward(ada)).toEqual(order);
  expect(await backward(ada)).toEqual(order);
});

test('whoever writes brings the conversation to the front for everybody, from long ago and from a moment ago', async () => {
  const [ada, ids] = await talks('fronts', 3);
  const [old, put, fresh] = ids as [string, string, string];
  await place(old, '01800000-0000', '01800000-0000');
  await arrange(ada, put, { archived: true });
  expect(await forward(ada)).toEqual([fresh, old]);
  const { conversation } = await converse(ada, await otherOf(ada, put));
  await write(ada, old, 'Long time no see');
  await write(ada, conversation!.id, 'Back');
  expect(await forward(ada)).toEqual([put, old, fresh]);
  await write(ada, fresh, 'And here');
  await write(ada, old, 'Again');
  const order = [old, fresh, put];
  expect(await forward(ada)).toEqual(order);
  expect(await backward(ada)).toEqual(order);
});

async function otherOf(who: Person, id: string): Promise<string> {
  const { data } = await who.graphql<{
    node: { members: { actor: { id: string } }[] };
  }>(`query ($id: ID!) { node(id: $id) { ... on Conversation { members { actor { id } } } } }`, {
    id,
  });
  return data.node.members.find(({ actor }) => actor.id !== who.actorGlobalId)!.actor.id;
}
