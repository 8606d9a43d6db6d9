import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { WebSocket, WebSocketServer } from 'ws';
import { textFrame, textFrames } from '../../src/app/text-frame.js';

const OWN = '{"id":"é1","payload":';
/** Bytes of a whole message: on both sides of each way to write a length. */
const LENGTHS = [40, 125, 126, 127, 65_535, 65_536, 300_000];
const TOGETHER = ['', ...LENGTHS.map((length) => 'é'.repeat(length / 2)), 'last'];

test('a client reads messages of every length, between those that the library frames', async () => {
  const http = createServer();
  const websockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const own = Buffer.from(OWN);
  http.on('upgrade', (request, connection, head) => {
    websockets.handleUpgrade(request, connection, head, (websocket) => {
      for (const length of LENGTHS) {
        websocket.send(`before ${length}`);
        connection.write(textFrame(own, Buffer.from('x'.repeat(length - own.length))));
      }
      connection.write(textFrames(TOGETHER));
      websocket.close(1000);
    });
  });
  await once(http.listen(0), 'listening');
  const client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
  const received: string[] = [];
  client.on('message', (bytes: Buffer, isBinary) => {
    expect(isBinary).toBe(false);
    received.push(bytes.toString());
  });
  const [code] = (await once(client, 'close')) as [number];
  http.close();
  expect(code).toBe(1000);
  expect(received).toEqual([
    ...LENGTHS.flatMap((length) => [`before ${length}`, OWN + 'x'.repeat(length - own.length)]),
    ...TOGETHER,
  ]);
});
