// What federation cannot cost less than, in a process of its own.
// `inbox`: verifies, parses and keeps each activity durably, many in one transaction, and answers then.
// `delivery`: signs and posts to so many hosts, over connections that stay open, and keeps nothing.
import { createPublicKey, createPrivateKey } from 'node:crypto';
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { isSigned, signedHeaders } from './plain-signature.js';

const [mode, pem = '', place = ''] = process.argv.slice(2);
if (mode === 'inbox') await keepInbox();
else deliver();

interface Kept {
  readonly body: string;
  readonly response: ServerResponse;
}

async function keepInbox(): Promise<void> {
  const pool = new pg.Pool({ connectionString: place });
  await pool.query('create table floor_inbox (id text primary key, body jsonb not null)');
  const key = createPublicKey(pem);
  let waiting: Kept[] = [];
  let isFlushing = false;
  const flush = async (): Promise<void> => {
    isFlushing = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await pool.query({
        name: 'floor',
        text: `insert into floor_inbox select b->>'id', b from unnest($1::jsonb[]) b on conflict do nothing`,
        values: [batch.map(({ body }) => body)],
      });
      for (const { response } of batch) response.writeHead(202).end();
    }
    isFlushing = false;
  };
  listen((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      if (!isSigned(incoming.url ?? '', incoming.headers, body, key))
        throw new Error('The floor was sent something else.');
      const text = body.toString();
      JSON.parse(text);
      waiting.push({ body: text, response });
      if (!isFlushing) void flush();
    });
  });
}

function deliver(): void {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 1_000 });
  const key = createPrivateKey(pem);
  process.on('message', ({ hosts, body }: { hosts: string[]; body: string }) => {
    const bytes = Buffer.from(body);
    const waiting = [...hosts];
    const work = async (): Promise<void> => {
      for (let host = waiting.pop(); host !== undefined; host = waiting.pop())
        await post(host, bytes);
    };
    void Promise.all(Array.from({ length: 50 }, work)).then(() => process.send?.({ done: true }));
  });
  listen((_incoming, response) => response.end());

  function post(host: string, body: Buffer): Promise<void> {
    const url = new URL(`https://${host}/inbox`);
    const signed = signedHeaders(url, body, 'https://bench.example/actors/1#main-key', key);
    return new Promise((resolve, reject) => {
      const sent = request({
        agent,
        host: '127.0.0.1',
        port: Number(place),
        path: '/inbox',
        method: 'POST',
        headers: {
          ...signed,
          'content-type': 'application/activity+json',
          'content-length': body.length,
        },
      });
      sent.on('response', (response) => {
        response.resume();
        response.on('end', resolve);
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

function listen(answer: (incoming: IncomingMessage, response: ServerResponse) => void): void {
  const server = createServer(answer).listen(0, '127.0.0.1', () => {
    process.send?.({ port: (server.address() as AddressInfo).port });
  });
}
