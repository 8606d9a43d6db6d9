import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Actor } from '../../src/actors/actor.entity.js';
import { newId, toGlobalId } from '../../src/platform/ids.js';
import { startTestServer, type TestServer } from '../support/server.js';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server[Symbol.asyncDispose]());

test('an actor is found by handle, url and id, and refetched as a node', async () => {
  const now = server.clock.now();
  const id = newId<'actor'>(now);
  await server.services.database.transaction(async (tx) => {
    tx.em.create(Actor, {
      id,
      username: 'ada',
      uri: 'https://a.example/actors/1',
      url: 'https://a.example/@ada',
      joinedAt: now,
      updatedAt: now,
    });
  });
  const found = await server.graphql<{ byHandle: unknown; byUrl: unknown; node: unknown }>(
    `query ($id: ID!) {
      byHandle: actor(by: { handle: "Ada@a.example" }) { id handle isLocal counts { posts } }
      byUrl: actor(by: { url: "https://a.example/@ada" }) { id }
      node(id: $id) { __typename id }
    }`,
    { id: toGlobalId('actor', id) },
  );
  expect(found.errors).toBeUndefined();
  expect(found.data).toEqual({
    byHandle: {
      id: toGlobalId('actor', id),
      handle: 'ada@a.example',
      isLocal: true,
      counts: { posts: 0 },
    },
    byUrl: { id: toGlobalId('actor', id) },
    node: { __typename: 'Actor', id: toGlobalId('actor', id) },
  });
});
