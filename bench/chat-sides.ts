// What is compared in chat: encrypted messages as apps send them, and bare INSERTs of the same rows.
import type { Agent } from 'node:http';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { sealedMessage, type ChatRoom, type ChatWorld } from './chat-world.js';
import { send, type Contestant } from './contestant.js';
import { openMessenger, type Messenger } from './messenger.js';

/** Sends a message. */
export const SEND = `mutation ($input: SendChatMessageInput!) { sendChatMessage(input: $input) {
  message { id sequence } userErrors { code path } } }`;

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

/** Somebody in a room who holds a socket open. */
export interface Place {
  readonly messenger: Messenger;
  /** Sends a message; resolves when the server has it for good. */
  write(): Promise<void>;
}

/** Takes the first seat of a room. */
export async function openPlace(server: Contestant, room: ChatRoom): Promise<Place> {
  const messenger = await openMessenger(server, room.seats[0].token);
  const write = async (): Promise<void> => {
    requirePlaced(JSON.stringify(await messenger.request(SEND, { input: inputFor(room) })));
  };
  return { messenger, write };
}

/** Sends a message by HTTP. */
export async function sendTo(server: Contestant, room: ChatRoom, agent: Agent): Promise<void> {
  const variables = { input: inputFor(room) };
  requirePlaced(await send(server, { query: SEND, variables, token: room.seats[0].token }, agent));
}

/** What an app says to send something. @param data in base64 */
export function inputFor(room: ChatRoom, data = sealedMessage(room).toString('base64')): object {
  const content = { mls: { deviceId: room.seats[0].device, data } };
  return { conversationId: room.conversation, clientMessageId: randomUUID(), content };
}

function requirePlaced(answer: string): void {
  if (!answer.includes('"sequence"')) throw new Error(answer);
}

/** Writes the rows of one message, in a transaction of its own. */
export type Floor = ((room: ChatRoom) => Promise<void>) & AsyncDisposable;

/** Prepares bare tables. @param width so many at the same time */
export async function openFloor(world: ChatWorld, width: number): Promise<Floor> {
  await world.pool.query(FLOOR);
  const pool = new pg.Pool({ connectionString: world.databaseUrl, max: width });
  await Promise.all(Array.from({ length: width }, () => pool.query('select pg_sleep(0.1)')));
  let sequence = 0;
  const write = async (room: ChatRoom): Promise<void> => {
    const [{ actorId, deviceId }] = room.seats;
    const actorIds = room.seats.map((seat) => seat.actorId);
    const message = [randomUUID(), room.id, (sequence += 1), actorId, deviceId];
    await pool.query({ ...FLOOR_MESSAGE, values: [...message, sealedMessage(room), actorIds] });
  };
  return Object.assign(write, { [Symbol.asyncDispose]: () => pool.end() });
}
