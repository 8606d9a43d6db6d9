// What comes over the socket when something happens, and what does not come any more.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sessionsRevoked } from '../../src/accounts/accounts.events.js';
import { statement } from '../../src/platform/db/database.js';
import {
  connectSocket,
  settledOn,
  subscribe,
  subscribed,
  type TestSocket,
} from '../support/socket.js';
import {
  fromFreshAddress,
  startWorld,
  WORLD_PASSWORD,
  type Person,
  type World,
} from '../support/world.js';

const SUSPEND = statement(
  'test.live_delivery.suspend',
  "update accounts set state = 'SUSPENDED' where id = $1",
);
const EXPIRE = statement(
  'test.expire',
  'update sessions set expires_at = $2 where account_id = $1',
);
const VIEWER_EVENTS =
  'subscription ($after: String) { viewerEvents(after: $after) { ... on AccountEvent { cursor reason viewer { actor { username } } } } }';

let world: World;

beforeAll(async () => {
  // Who does not read cannot answer pings either: here only a full buffer shall end a socket, and be told as the reason.
  const limits = { sessionCheckMs: 200, heartbeatMs: 300_000, goodbyeMs: 60_000 };
  world = await startWorld({}, limits);
});

afterAll(() => world[Symbol.asyncDispose]());

test('an event reaches each of its subscribers once, and nobody else', async () => {
  const [ada, ben] = [await world.local('ada'), await world.local('ben')];
  await using phone = await listening(ada);
  await using laptop = await listening(ada);
  await using stranger = await listening(ben);
  await happen(ada);
  await happen(ben);
  for (const socket of [phone, laptop]) {
    expect(await socket.next()).toEqual({
      id: 'live',
      type: 'next',
      payload: {
        data: {
          viewerEvents: {
            cursor: expect.any(String),
            reason: 'sessionsRevoked',
            viewer: { actor: { username: 'ada' } },
          },
        },
      },
    });
  }
  expect(await stranger.next()).toMatchObject({
    payload: { data: { viewerEvents: { viewer: { actor: { username: 'ben' } } } } },
  });
  expect([phone.waiting(), laptop.waiting(), stranger.waiting()]).toEqual([0, 0, 0]);
});

test('a completed subscription gets nothing more, and its id may be used again', async () => {
  const cem = await world.local('cem');
  await using socket = await listening(cem);
  socket.send({ id: 'live', type: 'complete' });
  await settledOn(socket);
  await subscribed(socket, 'live', VIEWER_EVENTS);
  await happen(cem);
  await socket.next();
  await settledOn(socket);
  expect(socket.waiting()).toBe(0);
});

test('a client that reconnects with its cursor gets every event once and in order, whatever it missed', async () => {
  const dan = await world.local('dan');
  const seen: string[] = [];
  const happening = (async () => {
    for (let count = 0; count < 60; count++) await happen(dan);
  })();
  let after: string | undefined = undefined;
  await using first = await connectSocket(world.origin, dan.token);
  after = first.ack['cursor'] as string;
  await happening;
  await happen(dan);
  const more = (async () => {
    for (let count = 0; count < 60; count++) await happen(dan);
  })();
  while (seen.length < 61) {
    await using socket = await connectSocket(world.origin, dan.token);
    subscribe(socket, 'live', VIEWER_EVENTS, { after });
    for (let count = 0; count < 7 && seen.length < 61; count++) {
      after = cursorOf(await socket.next());
      seen.push(after);
    }
  }
  await more;
  expect(new Set(seen).size).toBe(61);
});

test('W03 signing out closes the socket with 4403, and no later event reaches it', async () => {
  const eva = await world.local('eva');
  const second = await signIn(eva);
  await using socket = await connectSocket(world.origin, second);
  await subscribed(socket, 'live', VIEWER_EVENTS);
  await world.graphql('mutation { signOut { ok } }', {}, second);
  await happen(eva);
  expect((await socket.closed).code).toBe(4403);
  expect(socket.waiting()).toBe(0);
});

test('W03 a suspension that nobody announced closes the socket at the next look', async () => {
  const fay = await world.local('fay');
  await using socket = await listening(fay);
  await world.services.database.rows(SUSPEND, [fay.accountId]);
  expect((await socket.closed).code).toBe(4403);
});

test('W03 an expired token closes the socket with 4410', async () => {
  const gil = await world.local('gil');
  await using socket = await listening(gil);
  await world.services.database.rows(EXPIRE, [gil.accountId, new Date(0)]);
  expect((await socket.closed).code).toBe(4410);
});

test('W08 a client that stops reading is cut off at 1 MiB, while others get everything', async () => {
  const hal = await world.local('hal');
  await using slow = await connectSocket(world.origin, hal.token);
  await using attentive = await listening(hal);
  const aliases = Array.from({ length: 10 }, (_, index) => `a${index}: actor { bio }`).join(' ');
  const BIO = statement('test.bio', 'update actors set bio_html = $2 where id = $1');
  await world.services.database.rows(BIO, [hal.actorId, 'x'.repeat(50_000)]);
  await subscribed(
    slow,
    'live',
    `subscription { viewerEvents { ... on AccountEvent { viewer { ${aliases} } } } }`,
  );
  slow.websocket.pause();
  await happenOften(hal, 60);
  for (let count = 0; count < 60; count++) await attentive.next();
  slow.websocket.resume();
  expect((await slow.closed).code).toBe(1013);
});

test('W09 a client that does not answer pings is cut off within two periods', async () => {
  await using quick = await startWorld({}, { heartbeatMs: 1_500 });
  await using answering = await connectSocket(quick.origin, null);
  await using socket = await connectSocket(quick.origin, null, { autoPong: false });
  let pings = 0;
  socket.websocket.on('ping', () => (pings += 1));
  expect((await socket.closed).code).toBe(1006);
  // The second period finds the first ping unanswered and ends it instead of pinging again.
  expect(pings).toBe(1);
  expect(answering.websocket.readyState).toBe(answering.websocket.OPEN);
});

test('W10 a restart closes every socket with 4500 after its cursor, and the next server continues from it', async () => {
  const restarting = await startWorld({}, { goodbyeMs: 60_000 });
  const ida = await restarting.local('ida');
  const sockets = await Promise.all(
    Array.from({ length: 200 }, (_, index) => {
      const headers = { 'x-forwarded-for': `10.9.0.${index % 50}` };
      return connectSocket(restarting.origin, index === 0 ? ida.token : null, { headers });
    }),
  );
  await subscribed(sockets[0]!, 'live', VIEWER_EVENTS);
  await happen(ida, restarting);
  cursorOf(await sockets[0]!.next());
  await restarting[Symbol.asyncDispose]();
  expect(
    new Set(await Promise.all(sockets.map(async ({ closed }) => (await closed).code))),
  ).toEqual(new Set([4500]));
});

/** A socket with a running subscription named `live`. */
async function listening(person: Person): Promise<TestSocket> {
  const socket = await connectSocket(world.origin, person.token);
  await subscribed(socket, 'live', VIEWER_EVENTS);
  return socket;
}

/** Something that concerns the account but ends none of its sessions. */
function happen(person: Person, where = world): Promise<void> {
  return happenOften(person, 1, where);
}

function happenOften(person: Person, times: number, { services } = world): Promise<void> {
  const fact = { accountId: person.accountId, sessionIds: [] };
  return services.database.transaction(async (tx) => {
    for (let count = 0; count < times; count++) await tx.append(sessionsRevoked, fact);
  });
}

function cursorOf({ payload }: { payload?: unknown }): string {
  return (payload as { data: { viewerEvents: { cursor: string } } }).data.viewerEvents.cursor;
}

async function signIn(person: Person): Promise<string> {
  const answer = await world.graphql<{ signIn: { token: string } }>(
    `mutation { signIn(input: { login: "${person.username}", password: "${WORLD_PASSWORD}" }) { token } }`,
    {},
    null,
    fromFreshAddress(),
  );
  return answer.data.signIn.token;
}
