// Every other server of a measurement, in one process of its own: actors, handles and inboxes under any host, counted.
// A message `{ hanging }` names the one that takes what is sent and never answers, and begins to count anew; each message is
// answered with the counts up to then, and `{ look }` does nothing more.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { actorDocument } from './peer-actors.js';

const JRD = 'application/jrd+json';
const ACTIVITY_JSON = 'application/activity+json';
const [publicKeyPem = ''] = process.argv.slice(2);
let hanging: string | undefined;
let counts = { actors: 0, handles: 0, deliveries: 0 };

const server = createServer((request, response) => {
  const { method, url = '', headers } = request;
  const origin = `https://${headers.host}`;
  request.resume();
  request.on('end', () => {
    if (method === 'POST') {
      counts.deliveries += 1;
      if (headers.host === hanging) return;
      response.writeHead(202).end();
    } else if (url.startsWith('/.well-known/webfinger')) {
      counts.handles += 1;
      const subject = new URL(url, origin).searchParams.get('resource') ?? '';
      const name = subject.slice('acct:'.length).split('@')[0];
      const links = [{ rel: 'self', type: ACTIVITY_JSON, href: `${origin}/users/${name}` }];
      response.writeHead(200, { 'content-type': JRD }).end(JSON.stringify({ subject, links }));
    } else {
      counts.actors += 1;
      const name = url.split('/').at(-1)!;
      const body = JSON.stringify(actorDocument(origin, name, publicKeyPem));
      response.writeHead(200, { 'content-type': ACTIVITY_JSON }).end(body);
    }
  });
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
process.on('message', (message: { hanging?: string; look?: true }) => {
  process.send?.(counts);
  if (message.look) return;
  hanging = message.hanging;
  counts = { actors: 0, handles: 0, deliveries: 0 };
});
