// How long people wait in chat: for the answer to what they send at a steady pace, and for what others send.
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { inputFor, SEND, type Floor, type Place } from './chat-sides.js';
import { sealedMessage, type ChatRoom } from './chat-world.js';
import { startRival, type Contestant } from './contestant.js';
import { limited, quantile, type Figure } from './figure.js';
import { openMessenger } from './messenger.js';

const ROUNDS = 5;
const PER_SECOND = 500;
const PER_ROUND = 1_000;
const DURABLE_MS = 50;
const LIVE = 200;
const LIVE_MS = 250;
const LIVE_TIMES = 3;
/** Between two messages of one person: a socket takes 50 in a second. */
const LIVE_PAUSE_MS = 20;

const LIVE_EVENTS = `subscription ($device: ID!) { chatEvents(deviceId: $device) { cursor message { ciphertext } } }`;

/** From the moment in which a message is due to that in which its sender knows that it is there for good. */
export async function durableFigure(places: readonly Place[]): Promise<Figure> {
  const values: number[] = [];
  for (let round = -1; round < ROUNDS; round++) {
    const latencies = await steadily((index) => places[index % places.length]!.write());
    if (round >= 0) values.push(quantile(latencies, 0.99));
  }
  const name = `chat: p99 of a durable message at ${PER_SECOND} in a second / ${DURABLE_MS} ms`;
  return limited(name, values, DURABLE_MS, 'ms');
}

/** Begins each when it is due, whatever has become of those before. */
async function steadily(work: (index: number) => Promise<void>): Promise<number[]> {
  const startedAt = performance.now();
  const all: Promise<number>[] = [];
  while (all.length < PER_ROUND) {
    const dueAt = startedAt + (all.length * 1000) / PER_SECOND;
    const left = dueAt - performance.now();
    if (left > 0) await wait(left);
    all.push(work(all.length).then(() => performance.now() - dueAt));
  }
  return Promise.all(all);
}

/**
 * From the moment in which a message is sent to that in which its other side has it, one at a time; in turn with what it
 * cannot do without: a way to a server and back, and a write that waits for the disk.
 */
export async function liveFigures(
  server: Contestant,
  room: ChatRoom,
  floor: Floor,
): Promise<Figure[]> {
  const hear = await openEars(server, room);
  await using echo = await startRival('./echo-server.js', []);
  const socket = new WebSocket(`ws://127.0.0.1:${echo.port}`);
  await once(socket, 'open');
  const [ours, bare]: [number[], number[]] = [[], []];
  for (let index = 0; index < LIVE; index++) {
    const data = sealedMessage(room).toString('base64');
    ours.push(await hear.one(data));
    const startedAt = performance.now();
    socket.send(JSON.stringify({ query: SEND, variables: { input: inputFor(room, data) } }));
    await once(socket, 'message');
    await floor(room);
    bare.push(performance.now() - startedAt);
    await wait(LIVE_PAUSE_MS);
  }
  socket.terminate();
  hear.end();
  const p95 = [ours, bare].map((values) => quantile(values, 0.95)) as [number, number];
  return [
    limited(
      `chat: p99 from sending to being heard / ${LIVE_MS} ms`,
      [quantile(ours, 0.99)],
      LIVE_MS,
      'ms',
    ),
    timesFigure(p95),
  ];
}

function timesFigure([ours, bare]: readonly [number, number]): Figure {
  const figure = limited('chat: p95 of the same / bare echo and bare INSERT', [ours], bare, 'ms');
  return { ...figure, goal: { atMost: LIVE_TIMES } };
}

/** Somebody who sends, and somebody else who listens. */
async function openEars(server: Contestant, room: ChatRoom) {
  const [writing, reading] = room.seats as readonly [ChatRoom['seats'][0], ChatRoom['seats'][0]];
  const writer = await openMessenger(server, writing.token);
  const reader = await openMessenger(server, reading.token);
  const heard = new Map<string, () => void>();
  await reader.listen(LIVE_EVENTS, { device: reading.device }, (payload) => {
    const { data } = payload as {
      data?: { chatEvents: { message: { ciphertext: string } | null } };
    };
    heard.get(data?.chatEvents.message?.ciphertext ?? '')?.();
  });
  return {
    /** Milliseconds until a message is heard. */
    one: async (data: string): Promise<number> => {
      const came = new Promise<number>((resolve) => {
        heard.set(data, () => resolve(performance.now()));
      });
      const startedAt = performance.now();
      const [at] = await Promise.all([came, writer.request(SEND, { input: inputFor(room, data) })]);
      heard.delete(data);
      return at - startedAt;
    },
    end: (): void => {
      writer.close();
      reader.close();
    },
  };
}
