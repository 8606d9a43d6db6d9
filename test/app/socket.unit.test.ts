// What waits for a client that reads slowly, or does not read.
import { EventEmitter } from 'node:events';
import { Duplex } from 'node:stream';
import { expect, test } from '@jest/globals';
import type { WebSocket } from 'ws';
import { CLOSE, SOCKET_LIMITS } from '../../src/app/socket-limits.js';
import { Socket } from '../../src/app/socket.js';

const MOST = SOCKET_LIMITS.maxBufferedBytes;
const LONG = 'x'.repeat(3 * MOST);
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** A client that reads one write at a time, when it is told to. */
class Client extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  closedWith: number | null = null;
  private taken: (() => void) | null = null;
  readonly connection = new Duplex({
    read: () => undefined,
    write: (_bytes, _encoding, done) => {
      this.taken = done;
    },
  });
  readonly socket = new Socket(
    this as unknown as WebSocket,
    this.connection,
    { ...SOCKET_LIMITS, goodbyeMs: 1 },
    null,
  );

  get bufferedAmount(): number {
    return this.connection.writableLength;
  }

  read(): void {
    this.taken?.();
  }

  close(code: number): void {
    this.readyState = 2;
    this.closedWith = code;
  }

  terminate(): void {
    this.emit('close');
  }
}

test('who is still reading a long answer is not cut off by what comes behind it', async () => {
  const client = new Client();
  for (let round = 0; round < 3; round += 1) {
    client.socket.send(LONG);
    await turn();
    client.socket.send('behind it');
    client.socket.sendParts(Buffer.from('{'), Buffer.from('}'));
    await turn();
    expect(client.closedWith).toBeNull();
    for (const _write of [1, 2, 3]) client.read();
    client.socket.send('all was read');
    await turn();
    client.read();
  }
  expect(client.closedWith).toBeNull();
});

test('who does not read is cut off, by more than may wait and by one long answer after the other', async () => {
  const client = new Client();
  client.socket.send(LONG);
  await turn();
  for (let bytes = 0; bytes <= MOST; bytes += 2 ** 18) {
    expect(client.closedWith).toBeNull();
    client.socket.send('x'.repeat(2 ** 18));
    await turn();
  }
  client.socket.send('once more');
  expect(client.closedWith).toBe(CLOSE.tooSlow);
  const greedy = new Client();
  for (const _question of [1, 2, 3]) {
    greedy.socket.send(LONG);
    await turn();
  }
  expect(greedy.closedWith).toBe(CLOSE.tooSlow);
  expect(greedy.bufferedAmount).toBeLessThan(2 * LONG.length + MOST);
});
