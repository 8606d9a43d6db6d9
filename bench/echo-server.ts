// The bare floor of a live operation: `ws` that sends back what it gets.
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

const websockets = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
websockets.on('listening', () => {
  process.send?.({ port: (websockets.address() as AddressInfo).port });
});
websockets.on('connection', (websocket) => {
  websocket.on('message', (bytes: Buffer) => websocket.send(bytes.toString()));
});
