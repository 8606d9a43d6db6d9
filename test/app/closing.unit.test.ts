import { expect, test } from '@jest/globals';
import { Agent, get, type IncomingMessage } from 'node:http';
import { listenHttp } from '../../src/app/http.js';
import { loadConfig } from '../../src/platform/config.js';

test('closing waits for requests that run, and not for connections that were answered meanwhile', async () => {
  const http = await listenHttp(
    loadConfig({ DATA_DIR: '/nonexistent', PUBLIC_URL: 'https://a.example' }),
    0,
  );
  http.server.keepAliveTimeout = 3_600_000;
  const arrived = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  http.app.get('/slow', async (_request, response) => {
    arrived.resolve();
    await answer.promise;
    response.send('late');
  });
  const agent = new Agent({ keepAlive: true });
  const answered = Promise.withResolvers<IncomingMessage>();
  get({ port: http.port, path: '/slow', agent }, answered.resolve).on('error', answered.reject);
  await arrived.promise;
  const closed = http[Symbol.asyncDispose]();
  answer.resolve();
  const response = await answered.promise;
  const text = (await response.setEncoding('utf8').toArray()).join('');
  expect([text, response.headers.connection]).toEqual(['late', 'keep-alive']);
  await closed;
  agent.destroy();
});
