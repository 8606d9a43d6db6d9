// What an encrypted message costs beside bare INSERTs of the same rows, which wait for the same disk: one after the other,
// many at a time, and for a large group; how soon it is where it is awaited; and what reading on costs after weeks.
import { once } from 'node:events';
import { Agent } from 'node:http';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { WebSocket } from 'ws';
import { startOurs, send, type Contestant } from './contestant.js';
import {
  missMessages,
  sealedMessage,
  startChatWorld,
  type ChatRoom,
  type ChatWorld,
} from './chat-world.js';
import { compared, limited, quantile, type Figure } from './figure.js';

const ROUNDS = 5;
const PAIRS = 64;
const GROUP = 500;
const ALONE = 60;
const AT_ONCE = 32;
const CROWDED = 640;
const TO_GROUP = 20;
const LIVE = 200;
const LIVE_MS = 250;
const MISSED = 3_000;
const PAGE = 200;

const SEND = `mutation ($input: SendChatMessageInput!) { sendChatMessage(input: $input) {
  message { id sequence } userErrors { code path } } }`;
const MAILBOX = `query ($device: ID!, $after: BigInt) { viewer { chat { mailbox(deviceId: $device, after: $after, first: ${PAGE}) {
  entries { position message { id conversationId sequence kind epoch senderDeviceId ciphertext } } hasMore } } } }`;
const LIVE_EVENTS = `subscription ($device: ID!) { chatEvents(deviceId: $device) { cursor message { ciphertext } } }`;

/** Tables like those of the server, without what only it needs. */
const FLOOR = `create table floor_messages (like chat_messages including indexes);
  create table floor_entries (like mailbox_entries including indexes);
  create table floor_events (like events including indexes including defaults including identity)`;
const FLOOR_MESSAGE = {
  name: 'floor',
  text: `with message as (insert into floor_messages (id, conversation_id, sequence, sender_id, uri, content_html, sent_at, kind, epoch, sender_device_id, ciphertext)
      values ($1::uuid, $2, $3::int, $4, 'https://bench.example/messages/' || $1::uuid, '', now(), 'APPLICATION', 1, $5, $6)),
    entries as (insert into floor_entries (actor_id, position, message_id) select actor, $3::int, $1::uuid from unnest($7::uuid[]) actor)
   insert into floor_events (name, payload) values ('floor', '{}')`,
};

/** Rates, latencies and the costs of reading on. */
export async function run(): Promise<Figure[]> {
  await using world = await startChatWorld(PAIRS + 2, GROUP);
  await world.pool.query(FLOOR);
  const generous = { CHAT_MESSAGES_PER_SECOND: '100000', CHAT_MESSAGE_BURST: '1000000' };
  await using ours = await startOurs(world, generous);
  await using floor = await openFloor(world);
  const write = (room: ChatRoom, agent: Agent): Promise<void> => sendTo(ours, room, agent);
  const rates: Record<'alone' | 'crowd' | 'group', [number[], number[]]> = {
    alone: [[], []],
    crowd: [[], []],
    group: [[], []],
  };
  const [pair] = world.pairs as [ChatRoom];
  for (let round = -1; round < ROUNDS; round++) {
    const measured = {
      alone: await both(ALONE, 1, [(_index, agent) => write(pair, agent), () => floor(pair)]),
      crowd: await both(CROWDED, AT_ONCE, [
        (index, agent) => write(world.pairs[index % PAIRS]!, agent),
        (index) => floor(world.pairs[index % PAIRS]!),
      ]),
      group: await both(TO_GROUP, 1, [
        (_index, agent) => write(world.group, agent),
        () => floor(world.group),
      ]),
    };
    if (round < 0) continue;
    for (const [name, [one, other]] of Object.entries(measured)) {
      rates[name as keyof typeof rates][0].push(one);
      rates[name as keyof typeof rates][1].push(other);
    }
  }
  const unit = 'messages per s';
  return [
    compared('chat: durable messages, one after the other / bare INSERTs', rates.alone, unit, {
      atLeast: 0.5,
    }),
    compared(
      `chat: durable messages, ${AT_ONCE} at a time / bare INSERTs`,
      rates.crowd,
      unit,
      null,
    ),
    compared(`chat: messages to ${GROUP} devices / bare INSERTs`, rates.group, unit, {
      atLeast: 0.5,
    }),
    await liveFigure(ours, world.pairs[PAIRS]!),
    await catchUpFigure(ours, world),
  ];
}

/** Of each side so many, `width` at a time: how many in a second. */
async function both(
  count: number,
  width: number,
  [one, other]: readonly [Send, Send],
): Promise<readonly [number, number]> {
  return [await rateOf(count, width, one), await rateOf(count, width, other)];
}

type Send = (index: number, agent: Agent) => Promise<void>;

async function rateOf(count: number, width: number, work: Send): Promise<number> {
  // Of its own: the server closes what was idle while the other side was measured.
  const agent = new Agent({ keepAlive: true, maxSockets: width });
  let next = 0;
  const startedAt = performance.now();
  const go = async (): Promise<void> => {
    while (next < count) await work(next++, agent);
  };
  await Promise.all(Array.from({ length: width }, go));
  const rate = count / ((performance.now() - startedAt) / 1000);
  agent.destroy();
  return rate;
}

async function sendTo(server: Contestant, room: ChatRoom, agent: Agent): Promise<void> {
  const [{ token, device: deviceId }] = room.seats;
  const content = { mls: { deviceId, data: sealedMessage(room).toString('base64') } };
  const input = { conversationId: room.conversation, clientMessageId: randomUUID(), content };
  const answer = await send(server, { query: SEND, variables: { input }, token }, agent);
  if (!answer.includes('"sequence"')) throw new Error(answer);
}

/** Writes the same rows, a transaction for each message. */
async function openFloor(
  world: ChatWorld,
): Promise<((room: ChatRoom) => Promise<void>) & AsyncDisposable> {
  const pool = new pg.Pool({ connectionString: world.databaseUrl, max: AT_ONCE });
  await Promise.all(Array.from({ length: AT_ONCE }, () => pool.query('select pg_sleep(0.1)')));
  let sequence = 0;
  const write = async (room: ChatRoom): Promise<void> => {
    const [{ actorId, deviceId }] = room.seats;
    const actorIds = room.seats.map((seat) => seat.actorId);
    const message = [randomUUID(), room.id, (sequence += 1), actorId, deviceId];
    await pool.query({ ...FLOOR_MESSAGE, values: [...message, sealedMessage(room), actorIds] });
  };
  return Object.assign(write, { [Symbol.asyncDispose]: () => pool.end() });
}

/** From the moment in which a message is sent to that in which its other side has it. */
async function liveFigure(server: Contestant, room: ChatRoom): Promise<Figure> {
  const [, reader] = room.seats as readonly [unknown, ChatRoom['seats'][0]];
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  const heard = new Map<string, () => void>();
  const say = (message: object): void => socket.send(JSON.stringify(message));
  const subscribe = (): void => {
    const payload = { query: LIVE_EVENTS, variables: { device: reader.device } };
    say({ id: 'events', type: 'subscribe', payload });
    say({ id: 'settled', type: 'subscribe', payload: { query: '{ __typename }' } });
  };
  const settled = new Promise<void>((resolve, reject) => {
    socket.on('message', (bytes: Buffer) => {
      const { id, type, payload } = JSON.parse(bytes.toString()) as {
        id?: string;
        type: string;
        payload?: { data?: { chatEvents?: { message: { ciphertext: string } | null } } };
      };
      if (type === 'connection_ack') subscribe();
      else if (id === 'settled') resolve();
      else if (type === 'error') reject(new Error(bytes.toString()));
      heard.get(payload?.data?.chatEvents?.message?.ciphertext ?? '')?.();
    });
  });
  say({ type: 'connection_init', payload: { authorization: `Bearer ${reader.token}` } });
  await settled;
  const latencies: number[] = [];
  for (let index = 0; index < LIVE; index++) {
    const data = sealedMessage(room).toString('base64');
    const came = new Promise<void>((resolve) => heard.set(data, resolve));
    const [{ token, device: deviceId }] = room.seats;
    const content = { mls: { deviceId, data } };
    const input = { conversationId: room.conversation, clientMessageId: randomUUID(), content };
    const startedAt = performance.now();
    await Promise.all([came, send(server, { query: SEND, variables: { input }, token })]);
    latencies.push(performance.now() - startedAt);
    heard.delete(data);
  }
  socket.terminate();
  return limited(
    `chat: p99 from sending to being heard / ${LIVE_MS} ms`,
    [quantile(latencies, 0.99)],
    LIVE_MS,
    'ms',
  );
}

/** All pages of a mailbox beside one bare read of the same rows, in a second. */
async function catchUpFigure(server: Contestant, world: ChatWorld): Promise<Figure> {
  const room = world.pairs[PAIRS + 1]!;
  const [, reader] = room.seats as readonly [unknown, ChatRoom['seats'][0]];
  await missMessages(world, room, MISSED);
  const bare = {
    name: 'bare_mailbox',
    text: `select entry.position::text, message.* from mailbox_entries entry join chat_messages message on message.id = entry.message_id
      where entry.actor_id = $1 and entry.position > $2 order by entry.position limit ${PAGE}`,
  };
  const readAll = async (page: (after: string) => Promise<string | null>): Promise<number> => {
    const startedAt = performance.now();
    for (let after: string | null = '0'; after !== null;) after = await page(after);
    return MISSED / ((performance.now() - startedAt) / 1000);
  };
  const rates: [number[], number[]] = [[], []];
  for (let round = -1; round < ROUNDS; round++) {
    const ours = await readAll(async (after) => {
      const variables = { device: reader.device, after };
      const text = await send(server, { query: MAILBOX, variables, token: reader.token });
      const { data } = JSON.parse(text) as {
        data: {
          viewer: { chat: { mailbox: { entries: { position: string }[]; hasMore: boolean } } };
        };
      };
      const { entries, hasMore } = data.viewer.chat.mailbox;
      return hasMore ? entries.at(-1)!.position : null;
    });
    const floor = await readAll(async (after) => {
      const { rows } = await world.pool.query<{ position: string }>({
        ...bare,
        values: [reader.actorId, after],
      });
      return rows.length < PAGE ? null : rows.at(-1)!.position;
    });
    if (round < 0) continue;
    rates[0].push(ours);
    rates[1].push(floor);
  }
  return compared(`chat: reading ${MISSED} messages on / bare rows`, rates, 'messages per s', null);
}
