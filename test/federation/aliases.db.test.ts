// Other accounts of the same person: named, shown, read, and named no more when their server is gone.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startFakePeer, type FakePeer } from '../support/fake-peer.js';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import type { Person, World } from '../support/world.js';

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let peer: FakePeer;
let ada: Person;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  peer = stack.use(await startFakePeer(network, 'peer.example'));
  ada = await world.local('ada');
});

afterAll(() => stack.disposeAsync());

interface Answered {
  readonly actor: { readonly alsoKnownAs: string[] } | null;
  readonly userErrors: { readonly code: string; readonly path: string[] }[];
}

async function name(who: Person, alias: object, present = true): Promise<Answered> {
  const answer = await who.graphql<{ setAccountAlias: Answered }>(
    `mutation ($input: SetAccountAliasInput!) {
      setAccountAlias(input: $input) { actor { alsoKnownAs } userErrors { code path } } }`,
    { input: { alias, present } },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.setAccountAlias;
}

async function documentOf(who: Person): Promise<Record<string, unknown>> {
  const response = await fetch(`${world.origin}/actors/${who.actorId}`, {
    headers: { accept: 'application/activity+json' },
  });
  return (await response.json()) as Record<string, unknown>;
}

test('an account is named by its handle or its address, once, and is in the document', async () => {
  const bob = peer.actor('bob');
  expect((await name(ada, { handle: 'bob@peer.example' })).actor).toEqual({
    alsoKnownAs: [bob.uri],
  });
  expect((await name(ada, { url: bob.uri })).actor).toEqual({ alsoKnownAs: [bob.uri] });
  expect(await documentOf(ada)).toMatchObject({ alsoKnownAs: [bob.uri] });
});

test('followers hear of it', async () => {
  const fan = peer.actor('fan');
  const adaUri = (await documentOf(ada))['id'];
  await peer.send(world, fan, {
    id: `${fan.uri}#follow`,
    type: 'Follow',
    actor: fan.uri,
    object: adaUri,
  });
  await network.settle();
  peer.requests.length = 0;
  const second = peer.actor('second');
  await name(ada, { handle: 'second@peer.example' });
  await network.settle();
  const sent = peer.requests
    .filter(({ method, body }) => method === 'POST' && body.includes('"Update"'))
    .map(({ body }) => JSON.parse(body) as { object: { alsoKnownAs: string[] } });
  expect(sent.at(-1)!.object.alsoKnownAs).toContain(second.uri);
});

test('what is not there cannot be named, nor can oneself; what is gone can be named no more', async () => {
  expect((await name(ada, { handle: 'nobody@peer.example' })).userErrors).toEqual([
    { code: 'NOT_FOUND', path: ['alias', 'handle'] },
  ]);
  expect((await name(ada, { id: ada.actorGlobalId })).userErrors).toEqual([
    { code: 'INVALID_INPUT', path: ['alias'] },
  ]);
  const gone = await startFakePeer(network, 'gone.example');
  const old = gone.actor('old');
  expect((await name(ada, { handle: 'old@gone.example' })).userErrors).toEqual([]);
  await gone[Symbol.asyncDispose]();
  network.cut('gone.example');
  expect((await name(ada, { handle: 'old@gone.example' }, false)).actor!.alsoKnownAs).not.toContain(
    old.uri,
  );
});

test('aliases of remote actors are read, as far as they are addresses, and bounded', async () => {
  const many = Array.from({ length: 200 }, (_, n) => `https://x.example/${n}`);
  const carol = peer.actor('carol', {
    alsoKnownAs: [
      'acct:me@x.example',
      'javascript:alert(1)',
      `https://x.example/${'y'.repeat(2_000)}`,
      { id: 'https://x.example/me' },
      `${peer.origin}/users/carol`,
      'https://x.example/me',
      ...many,
    ],
  });
  const id = await meet(ada, 'carol@peer.example');
  const answer = await ada.graphql<{ node: { alsoKnownAs: string[]; movedTo: null } }>(
    'query ($id: ID!) { node(id: $id) { ... on Actor { alsoKnownAs movedTo { id } } } }',
    { id },
  );
  expect(answer.errors).toBeUndefined();
  const { alsoKnownAs, movedTo } = answer.data.node;
  expect(alsoKnownAs[0]).toBe('https://x.example/me');
  expect(alsoKnownAs).toHaveLength(32);
  expect(alsoKnownAs).not.toContain(carol.uri);
  expect(movedTo).toBeNull();
});
