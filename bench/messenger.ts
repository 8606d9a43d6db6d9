// Apps that hold a socket open, and send their operations over it.
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Contestant } from './contestant.js';

/** One app. */
export interface Messenger {
  /** Sends an operation; the payload of its answer, once it is complete. @throws when it was refused as a whole */
  request(query: string, variables: object): Promise<object>;
  /** Starts a subscription; resolves once it runs. @param heard gets each payload */
  listen(query: string, variables: object, heard: (payload: object) => void): Promise<void>;
  close(): void;
}

interface Frame {
  readonly id?: string;
  readonly type: string;
  readonly payload?: object;
}

interface Running {
  readonly next: (payload: object) => void;
  readonly end: () => void;
  readonly fail: (error: Error) => void;
}

/** Signs in over a socket of its own. */
export async function openMessenger({ port }: Contestant, token: string): Promise<Messenger> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws');
  const running = new Map<string, Running>();
  let last = 0;
  const greeted = Promise.withResolvers<void>();
  const take = ({ id = '', type, payload = {} }: Frame): void => {
    if (type === 'connection_ack') greeted.resolve();
    else if (type === 'next') running.get(id)?.next(payload);
    else if (type === 'complete') running.get(id)?.end();
    else if (type === 'error') running.get(id)?.fail(new Error(JSON.stringify(payload)));
  };
  socket.on('message', (bytes: Buffer) => take(JSON.parse(bytes.toString()) as Frame));
  socket.on('close', (code) => {
    const error = new Error(`The socket was closed: ${code}`);
    greeted.reject(error);
    for (const { fail } of running.values()) fail(error);
  });
  const start = (query: string, variables: object, operation: Running): void => {
    const id = String((last += 1));
    running.set(id, operation);
    socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query, variables } }));
  };
  const request = (query: string, variables: object): Promise<object> =>
    new Promise((resolve, reject) => {
      let answer: object = {};
      start(query, variables, {
        next: (payload) => (answer = payload),
        end: () => resolve(answer),
        fail: reject,
      });
    });
  await once(socket, 'open');
  const hello = { type: 'connection_init', payload: { authorization: `Bearer ${token}` } };
  socket.send(JSON.stringify(hello));
  await greeted.promise;
  return {
    request,
    listen: async (query, variables, heard) => {
      const failed = Promise.withResolvers<never>();
      start(query, variables, { next: heard, end: () => undefined, fail: failed.reject });
      await Promise.race([request('{ __typename }', {}), failed.promise]);
      failed.promise.catch(() => undefined);
    },
    close: () => socket.terminate(),
  };
}
