// The limit of serving a file: a range of it, read and sent by Node without a look at anything.
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';

const file = process.argv[2]!;
const CHUNK_BYTES = 256 * 1024;

const server = createServer(({ headers }, response) => {
  const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '')!.map(Number);
  response.writeHead(206, { 'content-type': 'video/mp4', 'content-length': end! - start! + 1 });
  const stream = createReadStream(file, { start: start!, end: end!, highWaterMark: CHUNK_BYTES });
  pipeline(stream, response, () => undefined);
});
server.listen(0, '127.0.0.1', () =>
  process.send?.({ port: (server.address() as AddressInfo).port }),
);
