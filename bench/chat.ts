// What an encrypted message costs beside bare INSERTs of the same rows, which wait for the same disk: one after the other,
// many at a time, and for a large group; how soon it is where it is awaited; and what reading on costs after weeks.
import { Agent } from 'node:http';
import { startOurs, send, type Contestant } from './contestant.js';
import { commitFigure } from './chat-commit.js';
import { durableFigure, liveFigures } from './chat-latency.js';
import { openFloor, openPlace, sendTo } from './chat-sides.js';
import { missMessages, startChatWorld, type ChatRoom, type ChatWorld } from './chat-world.js';
import { compared, type Figure } from './figure.js';

const ROUNDS = 5;
const PAIRS = 64;
const GROUP = 500;
const ALONE = 256;
const AT_ONCE = 32;
const CROWDED = 1_280;
const BY_HTTP = 64;
const TO_GROUP = 20;
const MISSED = 3_000;
const PAGE = 200;

const MAILBOX = `query ($device: ID!, $after: BigInt) { viewer { chat { mailbox(deviceId: $device, after: $after, first: ${PAGE}) {
  entries { position message { id conversationId sequence kind epoch senderDeviceId ciphertext } } hasMore } } } }`;

/** Rates, latencies and the costs of reading on. */
export async function run(): Promise<Figure[]> {
  await using world = await startChatWorld(PAIRS + 2, GROUP);
  const generous = { CHAT_MESSAGES_PER_SECOND: '100000', CHAT_MESSAGE_BURST: '1000000' };
  await using ours = await startOurs(world, generous);
  await using floor = await openFloor(world, AT_ONCE);
  const pairs = world.pairs.slice(0, PAIRS);
  const places = await Promise.all([...pairs, world.group].map((room) => openPlace(ours, room)));
  const group = places.at(-1)!;
  const bare = (index: number): Promise<void> => floor(pairs[index % PAIRS]!);
  const live = (index: number): Promise<void> => places[index % PAIRS]!.write();
  const byHttp = (index: number, agent: Agent): Promise<void> =>
    sendTo(ours, pairs[index % PAIRS]!, agent);
  const measured: Record<string, Sides> = {
    alone: [ALONE, 1, live, bare],
    crowd: [CROWDED, AT_ONCE, live, bare],
    http: [BY_HTTP, 1, byHttp, bare],
    group: [TO_GROUP, 1, () => group.write(), () => floor(world.group)],
  };
  const rates = await ratesOf(measured);
  const durable = await durableFigure(places.slice(0, PAIRS));
  for (const { messenger } of places) messenger.close();
  const unit = 'messages per s';
  const half = { atLeast: 0.5 };
  return [
    compared(
      'chat: durable messages, one after the other / bare INSERTs',
      rates['alone']!,
      unit,
      half,
    ),
    compared(
      `chat: durable messages, ${AT_ONCE} at a time / bare INSERTs`,
      rates['crowd']!,
      unit,
      half,
    ),
    compared(
      'chat: the same by HTTP, one after the other / bare INSERTs',
      rates['http']!,
      unit,
      null,
    ),
    compared(`chat: messages to ${GROUP} devices / bare INSERTs`, rates['group']!, unit, half),
    durable,
    ...(await liveFigures(ours, world.pairs[PAIRS]!, floor)),
    await catchUpFigure(ours, world),
    await commitFigure(ours, world),
  ];
}

type Send = (index: number, agent: Agent) => Promise<void>;

/** How many messages, how many of them at a time, and how either side writes one. */
type Sides = readonly [count: number, width: number, one: Send, other: Send];

/** How many of each in a second on either side, in each round but the first. */
async function ratesOf(
  measured: Readonly<Record<string, Sides>>,
): Promise<Record<string, [number[], number[]]>> {
  const rates: Record<string, [number[], number[]]> = {};
  for (let round = -1; round < ROUNDS; round++)
    for (const [name, [count, width, one, other]] of Object.entries(measured)) {
      const both = [await rateOf(count, width, one), await rateOf(count, width, other)] as const;
      const known = (rates[name] ??= [[], []]);
      if (round >= 0) known.forEach((side, index) => side.push(both[index]!));
    }
  return rates;
}

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
