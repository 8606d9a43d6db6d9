// An application stops many devices by one signal, which is no leak, as Node would say of many listeners.
import { getEventListeners } from 'node:events';
import { expect, test } from '@jest/globals';
import { onAbort } from '../../sdk/src/client/aborts.js';
import { pause } from '../../sdk/src/client/transport.js';

const listenersOf = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

test('one signal has one listener, however much waits for it, and stops all of that', async () => {
  const stop = new AbortController();
  const waiting = Array.from({ length: 20 }, () => pause(600_000, stop.signal));
  expect(listenersOf(stop.signal)).toBe(1);
  stop.abort();
  await Promise.all(waiting);
  expect(listenersOf(stop.signal)).toBe(0);
});

test('what was called off is not stopped, and what waits without a signal is not either', async () => {
  const stop = new AbortController();
  const stopped: string[] = [];
  const callOff = onAbort(stop.signal, () => void stopped.push('called off'));
  onAbort(stop.signal, () => void stopped.push('waits'));
  callOff();
  onAbort(undefined, () => void stopped.push('never'))();
  stop.abort();
  expect(stopped).toEqual(['waits']);
  await pause(1);
});
