import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { PublishPhotoPost } from '../../sdk/src/api/operations.js';
import { TriptychClient } from '../../sdk/src/client/client.js';
import { ApiError, NetworkError, RefusedError, requireDone } from '../../sdk/src/client/errors.js';
import { whenReady } from '../../sdk/src/client/upload.js';
import { fromFreshAddress, startWorld, WORLD_PASSWORD, type World } from '../support/world.js';

describe('the client', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
    await world.local('ada');
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const connect = (): TriptychClient =>
    new TriptychClient({
      origin: world.origin,
      headers: fromFreshAddress(),
      reach: (url) => world.reach(url),
    });

  it('signs in and out, and says why it cannot', async () => {
    const client = connect();
    const wrong = client.signIn('ada', 'something else');
    await expect(wrong).rejects.toBeInstanceOf(RefusedError);
    await expect(wrong).rejects.toMatchObject({ refusals: [{ code: 'INVALID_CREDENTIALS' }] });
    await client.signIn('ada', WORLD_PASSWORD, 'test');
    expect((await client.viewer()).handle).toContain('ada');
    await client.signOut();
    await expect(client.viewer()).rejects.toBeInstanceOf(ApiError);
  });

  it('tells a server that is not there from one that refuses', async () => {
    const client = new TriptychClient({ origin: 'http://127.0.0.1:1' });
    await expect(client.viewer()).rejects.toBeInstanceOf(NetworkError);
  });

  it('takes a server that is only starting for one that is not there yet', async () => {
    const extensions = { code: 'SERVICE_UNAVAILABLE', retryAfter: 5 };
    const answer = { errors: [{ message: 'The server is starting.', extensions }] };
    const fetch = async (): Promise<Response> => Response.json(answer, { status: 503 });
    const client = new TriptychClient({ origin: world.origin, fetch });
    await expect(client.viewer()).rejects.toBeInstanceOf(NetworkError);
  });

  it('tries again, and can be stopped, where something swallows what opens a socket', async () => {
    const swallowing = createServer();
    const asked = new EventEmitter<{ socket: [Duplex] }>();
    swallowing.on('upgrade', (_request, socket) => asked.emit('socket', socket));
    swallowing.listen(0, '127.0.0.1');
    await once(swallowing, 'listening');
    const { port } = swallowing.address() as AddressInfo;
    const client = new TriptychClient({ origin: `http://127.0.0.1:${port}` });
    const stop = new AbortController();
    const first = once(asked, 'socket');
    const told = client.timeline({ public: {} }, null, stop.signal).next();
    const sockets = await first;
    sockets.push(...(await once(asked, 'socket')));
    stop.abort();
    expect(await told).toEqual({ done: true, value: undefined });
    await client.close();
    for (const socket of sockets as Duplex[]) socket.destroy();
    swallowing.close();
    await once(swallowing, 'close');
  });

  it('uploads a picture, publishes it, and sees it come into the timeline', async () => {
    const client = connect();
    await client.signIn('ada', WORLD_PASSWORD);
    const events = client.timeline({ public: {} });
    const first = events.next();
    const about = { purpose: 'POST', fileName: 'kite.png', mimeType: 'image/png' } as const;
    const sent: number[] = [];
    const id = await client.upload(await picture(), {
      ...about,
      onProgress: (bytes) => sent.push(bytes),
    });
    expect(sent.length).toBeGreaterThan(0);
    await world.settle();
    await whenReady(client.transport, id);
    const input = { mediaIds: [id], common: { caption: 'a kite', visibility: 'PUBLIC' as const } };
    const { publishPhotoPost } = await client.request(PublishPhotoPost, { input });
    const { post } = requireDone(publishPhotoPost);
    await world.settle();
    const { value } = await first;
    expect(value?.timelineChanged).toMatchObject({
      change: 'ADDED',
      postEdge: { node: { id: post?.id } },
    });
    await events.return();
    await client.close();
  });
});

const picture = (): Promise<Buffer> =>
  sharp({ create: { width: 64, height: 48, channels: 3, background: '#468' } })
    .png()
    .toBuffer();
