// How the socket is opened, spoken to and closed, on the wire.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement, type Database } from '../../src/platform/db/database.js';
import { untilLockWait } from '../support/lock-wait.js';
import { publish, react } from '../support/posts.js';
import { connectSocket, openSocket, settledOn, subscribe } from '../support/socket.js';
import { startWorld, type Person, type World } from '../support/world.js';

const EXPIRE = statement(
  'test.expire',
  'update sessions set expires_at = $2 where account_id = $1',
);
const SUSPEND = statement(
  'test.socket_protocol.suspend',
  "update accounts set state = 'SUSPENDED' where id = $1",
);
const LOCK_POSTS = statement('test.lock_posts', 'lock table posts in access exclusive mode');
const BIO = statement('test.bio', 'update actors set bio_html = $2 where id = $1');
const VIEWER_EVENTS =
  'subscription ($after: String) { viewerEvents(after: $after) { ... on AccountEvent { cursor reason } } }';

let world: World;
let ada: Person;

beforeAll(async () => {
  const limits = { initTimeoutMs: 60_000, sessionCheckMs: 200, socketsPerAccount: 4 };
  world = await startWorld({}, limits);
  ada = await world.local('ada');
});

afterAll(() => world[Symbol.asyncDispose]());

test('the acknowledgement tells session, heartbeat, time, limits and where the stream stands', async () => {
  await using socket = await connectSocket(world.origin, ada.token);
  expect(socket.ack).toEqual({
    sessionId: expect.stringMatching(/^session_[0-9a-z]{26}$/),
    heartbeatSeconds: 12,
    serverTime: expect.stringMatching(/^\d{4}-.*Z$/),
    maxSubscriptions: 20,
    cursor: expect.any(String),
  });
  await using anonymous = await connectSocket(world.origin, null);
  expect(anonymous.ack['sessionId']).toBeNull();
});

test('W01 a client that breaks the protocol is closed with the code of what it did', async () => {
  const init = { type: 'connection_init' };
  const query = { id: '1', type: 'subscribe', payload: { query: '{ __typename }' } };
  const hang = { id: '1', type: 'subscribe', payload: { query: VIEWER_EVENTS } };
  const cases: [number, unknown[]][] = [
    [4429, [init, init]],
    [4400, ['{not json']],
    [4400, [{ type: 'nonsense' }]],
    [4401, [query]],
  ];
  for (const [code, messages] of cases) {
    await using socket = await openSocket(world.origin);
    for (const message of messages)
      socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    expect([code, (await socket.closed).code]).toEqual([code, code]);
  }
  await using twice = await connectSocket(world.origin, ada.token);
  twice.send(hang);
  twice.send(hang);
  expect((await twice.closed).code).toBe(4409);
  await using wrong = await openSocket(world.origin, { protocol: null });
  expect((await wrong.closed).code).toBe(4406);
});

test('W01 a client that says nothing is closed', async () => {
  await using impatient = await startWorld({}, { initTimeoutMs: 50 });
  await using socket = await openSocket(impatient.origin);
  expect((await socket.closed).code).toBe(4408);
});

test('W02 a bad or expired token and a suspended account are closed with 4403', async () => {
  const eve = await world.local('eve');
  await world.services.database.rows(EXPIRE, [eve.accountId, new Date(0)]);
  const sam = await world.local('sam');
  await world.services.database.rows(SUSPEND, [sam.accountId]);
  for (const authorization of [
    'Bearer nonsense',
    'nonsense',
    7,
    `Bearer ${eve.token}`,
    `Bearer ${sam.token}`,
  ]) {
    await using socket = await openSocket(world.origin);
    socket.send({ type: 'connection_init', payload: { authorization } });
    expect(await socket.closed).toEqual({ code: 4403, reason: 'Forbidden' });
  }
  await using socket = await openSocket(world.origin, {
    headers: { authorization: 'Bearer nonsense' },
  });
  socket.send({ type: 'connection_init' });
  expect((await socket.closed).code).toBe(4403);
});

test('W02 a token in the URL is refused before the upgrade', async () => {
  await expect(
    openSocket(world.origin, { path: `/graphql?access_token=${ada.token}` }),
  ).rejects.toThrow('400');
  await expect(openSocket(world.origin, { path: '/elsewhere' })).rejects.toThrow('404');
});

test('W02 a token may also come as a header', async () => {
  await using socket = await openSocket(world.origin, {
    headers: { authorization: `Bearer ${ada.token}` },
  });
  socket.send({ type: 'connection_init' });
  expect((await socket.next()).payload).toMatchObject({
    sessionId: expect.stringMatching(/^session_/),
  });
});

test('W06 a cookie proves nobody and the Origin decides nothing, so no page can act for its visitor', async () => {
  const headers = {
    cookie: `token=${ada.token}; authorization=Bearer ${ada.token}`,
    origin: 'https://evil.example',
  };
  await using socket = await connectSocket(world.origin, null, { headers });
  expect(socket.ack['sessionId']).toBeNull();
  subscribe(socket, '1', '{ viewer { id } }');
  expect(await socket.next()).toEqual({
    id: '1',
    type: 'next',
    payload: { data: { viewer: null } },
  });
});

test('queries and mutations pass over the socket, through the same gate as over HTTP', async () => {
  await using socket = await connectSocket(world.origin, ada.token);
  subscribe(socket, 'q', '{ viewer { actor { username } } rateLimit { cost } }');
  expect(await socket.next()).toEqual({
    id: 'q',
    type: 'next',
    payload: {
      data: { viewer: { actor: { username: 'ada' } }, rateLimit: { cost: expect.any(Number) } },
    },
  });
  expect(await socket.next()).toEqual({ id: 'q', type: 'complete' });
  const refused: [string, string, Record<string, unknown>?][] = [
    ['{', 'GRAPHQL_PARSE_FAILED'],
    [`{ nodes(ids: ${'['.repeat(3000)}) { id } }`, 'GRAPHQL_PARSE_FAILED'],
    ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    [`{ ${'a: __typename '.repeat(200)} }`, 'GRAPHQL_VALIDATION_FAILED'],
    ['query A { __typename } query B { __typename }', 'OPERATION_RESOLUTION_FAILURE'],
  ];
  for (const [query, code] of refused) {
    subscribe(socket, code, query);
    const message = await socket.next();
    expect(message).toMatchObject({ id: code, type: 'error' });
    const [error] = message.payload as { extensions: Record<string, unknown> }[];
    expect(error?.extensions).toMatchObject({ code, requestId: expect.any(String) });
  }
});

test('W08 an answer of more than may wait is an answer like any other to a client that reads', async () => {
  const ivy = await world.local('ivy');
  await world.services.database.rows(BIO, [ivy.actorId, 'x'.repeat(200_000)]);
  await using socket = await connectSocket(world.origin, ivy.token);
  const aliases = Array.from({ length: 10 }, (_, index) => `a${index}: actor { bio }`).join(' ');
  subscribe(socket, 'long', `{ viewer { ${aliases} } }`);
  const { payload } = await socket.next();
  expect(JSON.stringify(payload).length).toBeGreaterThan(2_000_000);
  expect(await socket.next()).toEqual({ id: 'long', type: 'complete' });
  subscribe(socket, 'short', '{ __typename }');
  expect(await socket.next()).toMatchObject({ id: 'short', type: 'next' });
});

test('a subscription that needs a scope is refused with one error to anonymous clients', async () => {
  await using socket = await connectSocket(world.origin, null);
  subscribe(socket, '1', VIEWER_EVENTS);
  expect(await socket.next()).toMatchObject({
    id: '1',
    type: 'error',
    payload: [{ extensions: { code: 'UNAUTHENTICATED' } }],
  });
});

test('a cursor that cannot be replayed completes the subscription with INVALID_CURSOR', async () => {
  await using socket = await connectSocket(world.origin, ada.token);
  subscribe(socket, '1', VIEWER_EVENTS, { after: 'nonsense' });
  expect(await socket.next()).toMatchObject({
    id: '1',
    type: 'error',
    payload: [{ extensions: { code: 'INVALID_CURSOR' } }],
  });
});

test('what is asked after a subscription is answered once that has begun, and nothing is missed in between', async () => {
  const { database } = world.services;
  await using socket = await connectSocket(world.origin, ada.token);
  const postId = await publish(world, ada);
  const OPEN = 'subscription ($id: ID!) { postChanged(postId: $id) { change } }';
  await using held = await holdPosts(database);
  subscribe(socket, 'open', OPEN, { id: postId });
  const settled = settledOn(socket).then(() => 'SETTLED');
  expect(await untilLockWait(database, settled)).toBe(true);
  // Another socket is answered meanwhile.
  await using other = await connectSocket(world.origin, null);
  await settledOn(other);
  expect(await Promise.race([settled, Promise.resolve('BEGINNING')])).toBe('BEGINNING');
  await held[Symbol.asyncDispose]();
  expect(await settled).toBe('SETTLED');
  await react(ada, postId, '❤');
  expect(await socket.next()).toMatchObject({ id: 'open', type: 'next' });
  // Nor does what is refused hold anything up.
  subscribe(socket, 'unknown', OPEN, { id: 'post_00000000000000000000000000' });
  subscribe(socket, 'dear', 'subscription { postChanged(postId: null) { change } }');
  subscribe(socket, 'after', '{ __typename }');
  const rest = [];
  while (rest.at(-1) !== 'after complete') {
    const { id, type } = await socket.next();
    rest.push(`${id} ${type}`);
  }
  expect(rest.toSorted()).toEqual(['after complete', 'after next', 'dear error', 'unknown error']);
});

/** Lets whoever asks for a post wait until it is disposed. */
async function holdPosts(database: Database): Promise<{ [Symbol.asyncDispose](): Promise<void> }> {
  const isLocked = Promise.withResolvers<void>();
  const isEnough = Promise.withResolvers<void>();
  const lock = database.transaction(async (tx) => {
    await tx.rows(LOCK_POSTS);
    isLocked.resolve();
    await isEnough.promise;
  });
  await isLocked.promise;
  return {
    [Symbol.asyncDispose]: () => {
      isEnough.resolve();
      return lock;
    },
  };
}

test('W07 the 21st operation, the surplus socket, the long message and the flood are refused', async () => {
  const ben = await world.local('ben');
  await using many = await connectSocket(world.origin, ben.token);
  for (let id = 1; id <= 21; id++) subscribe(many, String(id), VIEWER_EVENTS);
  expect((await many.closed).code).toBe(4420);

  await using stack = new AsyncDisposableStack();
  for (let count = 0; count < 4; count++) stack.use(await connectSocket(world.origin, ben.token));
  await using surplus = await openSocket(world.origin);
  surplus.send({ type: 'connection_init', payload: { authorization: `Bearer ${ben.token}` } });
  expect((await surplus.closed).code).toBe(4420);

  await using long = await connectSocket(world.origin, null);
  long.send('x'.repeat(2 << 20));
  expect((await long.closed).code).toBe(1009);

  await using flood = await connectSocket(world.origin, null);
  for (let count = 0; count < 200; count++) flood.send({ type: 'ping' });
  expect((await flood.closed).code).toBe(1008);

  await using deflating = await connectSocket(world.origin, null, { perMessageDeflate: true });
  expect(deflating.websocket.extensions).toBe('');
});

test('a socket speaks the language that its client names, as a page cannot choose its headers', async () => {
  await using socket = await openSocket(world.origin);
  const authorization = `Bearer ${ada.token}`;
  socket.send({ type: 'connection_init', payload: { authorization, acceptLanguage: 'fr' } });
  await socket.next();
  const input = { input: { messageId: 'chatmessage_none' } };
  const query = `mutation ($input: DeleteChatMessageInput!) {
    deleteChatMessage(input: $input) { userErrors { message } } }`;
  subscribe(socket, 'french', query, input);
  const { payload } = await socket.next();
  expect(payload).toEqual({
    data: { deleteChatMessage: { userErrors: [{ message: 'Introuvable.' }] } },
  });
});
