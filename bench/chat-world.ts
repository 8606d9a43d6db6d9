// Conversations that are encrypted, as far as a server can tell: people with devices, in pairs and in one large group.
import { createHash, randomBytes } from 'node:crypto';
import type pg from 'pg';
import { toGlobalId } from '../src/platform/ids.js';
import { startBenchDatabase, type BenchDatabase } from './bench-database.js';

/** Somebody who is signed in. */
export interface ChatPerson {
  readonly username: string;
  readonly actorId: string;
  readonly token: string;
}

/** Somebody with one device. */
export interface ChatSeat extends ChatPerson {
  /** Inner UUID. */
  readonly deviceId: string;
  /** As the API has it. */
  readonly device: string;
}

/** A conversation, and everybody in it. */
export interface ChatRoom {
  readonly id: string;
  readonly conversation: string;
  readonly groupId: Buffer;
  readonly seats: readonly [ChatSeat, ...ChatSeat[]];
}

/** The database and its conversations. */
export interface ChatWorld extends BenchDatabase {
  readonly pairs: readonly ChatRoom[];
  readonly group: ChatRoom;
}

/** Bytes of what is encrypted: a text of usual length, padded to its class. */
const CIPHERTEXT_BYTES = 1024;

/** Starts so many conversations of two, and a group of so many devices, each of somebody else. */
export async function startChatWorld(pairs: number, devices: number): Promise<ChatWorld> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await startBenchDatabase());
  const people = await bringPeople(database.pool, 'p', pairs * 2 + devices);
  const seats = await seat(database.pool, people);
  const rooms: ChatRoom[] = [];
  for (let pair = 0; pair < pairs; pair++)
    rooms.push(await openRoom(database.pool, seats.slice(pair * 2, pair * 2 + 2)));
  const group = await openRoom(database.pool, seats.slice(pairs * 2));
  await database.pool.query('vacuum analyze');
  await database.pool.query('checkpoint');
  const owned = stack.move();
  return { ...database, pairs: rooms, group, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Lets so many people in who have no device. @param prefix of their names */
export async function bringPeople(
  pool: pg.Pool,
  prefix: string,
  count: number,
): Promise<ChatPerson[]> {
  const tokens = Array.from(
    { length: count },
    () => `trs_${randomBytes(32).toString('base64url')}`,
  );
  const digests = tokens.map((token) => createHash('sha256').update(token).digest());
  const { rows } = await pool.query<Pick<ChatPerson, 'username' | 'actorId'>>(
    `with person as materialized (select n, digest, uuidv7() as id, uuidv7() as account, $2 || n as name
        from unnest($1::bytea[]) with ordinality as session(digest, n)),
      actor as (insert into actors (id, username, uri, url, display_name, joined_at, updated_at)
        select id, name, 'https://bench.example/actors/' || name, 'https://bench.example/@' || name, 'Person ' || n, now(), now() from person),
      account as (insert into accounts (id, actor_id, email, email_canonical, email_verified_at, password_hash, password_changed_at, state, created_at, updated_at)
        select account, id, name || '@bench.example', name || '@bench.example', now(), '-', now(), 'ACTIVE', now(), now() from person),
      counts as (insert into actor_counts (actor_id) select id from person),
      session as (insert into sessions (id, account_id, kind, token_digest, scopes, created_at, authenticated_at)
        select uuidv7(), account, 'SESSION', digest, array['read', 'write', 'chat'], now(), now() from person)
     select name as username, id as "actorId" from person order by n`,
    [digests, prefix],
  );
  return rows.map((person, index) => ({ ...person, token: tokens[index]! }));
}

/** Gives each a device that has everything. */
async function seat(pool: pg.Pool, people: readonly ChatPerson[]): Promise<ChatSeat[]> {
  const { rows } = await pool.query<{ deviceId: string }>(
    `with person as materialized (select n, id, sha256(id::text::bytea) as key, uuidv7() as device
        from unnest($1::uuid[]) with ordinality as person(id, n)),
      device as (insert into chat_devices (id, actor_id, name, platform, signature_key, identity_version, attestation, attested_at, created_at, last_seen_at)
        select device, id, 'Phone', 'Bench', key, 1, key, now(), now(), now() from person),
      box as (insert into mailboxes (actor_id) select id from person)
     select device as "deviceId" from person order by n`,
    [people.map(({ actorId }) => actorId)],
  );
  await pool.query(
    'insert into mailbox_cursors (device_id, actor_id, position) select id, actor_id, 0 from chat_devices',
  );
  return people.map((person, index) => {
    const { deviceId } = rows[index]!;
    return { ...person, deviceId, device: toGlobalId('chatdevice', deviceId) };
  });
}

async function openRoom(pool: pg.Pool, seats: readonly ChatSeat[]): Promise<ChatRoom> {
  const groupId = randomBytes(32);
  const { rows } = await pool.query<{ id: string }>(
    `with room as (insert into conversations (id, is_group, created_at, updated_at, encryption, mls_group_id, epoch, last_sequence)
        values (uuidv7(), $2, now(), now(), 'MLS', $1, 1, 1) returning id),
      member as (insert into conversation_members (conversation_id, actor_id, joined_at, is_request, has_begun, position)
        select room.id, person, now(), false, true, uuidv7() from room, unnest($3::uuid[]) person),
      device as (insert into conversation_devices (conversation_id, device_id, actor_id, joined_sequence, joined_epoch)
        select room.id, seat.device, seat.actor, 1, 1 from room, unnest($4::uuid[], $3::uuid[]) as seat(device, actor))
     select id from room`,
    [
      groupId,
      seats.length > 2,
      seats.map(({ actorId }) => actorId),
      seats.map(({ deviceId }) => deviceId),
    ],
  );
  const { id } = rows[0]!;
  const conversation = toGlobalId('conversation', id);
  return { id, conversation, groupId, seats: seats as ChatRoom['seats'] };
}

/** What a device would send: the outside of a private message of the group, and noise. */
export function sealedMessage({ groupId }: Pick<ChatRoom, 'groupId'>): Buffer {
  const tag = randomBytes(32);
  return Buffer.concat([
    Buffer.from([0, 1, 0, 2, groupId.length]),
    groupId,
    Buffer.from([0, 0, 0, 0, 0, 0, 0, 1, 1, tag.length]),
    tag,
    Buffer.from([28]),
    randomBytes(28),
    Buffer.from([0x40 | (CIPHERTEXT_BYTES >> 8), CIPHERTEXT_BYTES & 255]),
    randomBytes(CIPHERTEXT_BYTES),
  ]);
}

/** Puts so many messages of the first one into the mailbox of the other one, as if that had been away. */
export async function missMessages(
  { pool }: ChatWorld,
  room: ChatRoom,
  count: number,
): Promise<void> {
  const [writer, reader] = room.seats as readonly [ChatSeat, ChatSeat];
  const sealed = Array.from({ length: count }, () => sealedMessage(room));
  await pool.query(
    `with message as materialized (select uuidv7() as id, data, n::int from unnest($4::bytea[]) with ordinality as sealed(data, n)),
      kept as (insert into chat_messages (id, conversation_id, sequence, sender_id, uri, content_html, sent_at, kind, epoch, sender_device_id, ciphertext)
        select id, $1, 1 + n, $2, 'https://bench.example/messages/' || id, '', now(), 'APPLICATION', 1, $3, data from message),
      moved as (update conversations set last_sequence = 1 + $6::int where id = $1),
      box as (update mailboxes set head = $6::int where actor_id = $5)
     insert into mailbox_entries (actor_id, position, message_id) select $5, n, id from message`,
    [room.id, writer.actorId, writer.deviceId, sealed, reader.actorId, count],
  );
}
