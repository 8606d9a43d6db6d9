/**
 * One request at a time per upload. Whoever comes while another request holds the upload asks it to stop:
 * it is most often the same client, back after a broken connection that the server has not noticed.
 */
import type { Lock, Locker } from '@tus/server';

interface Holder {
  readonly askToStop: () => Promise<void> | void;
  readonly released: Promise<void>;
  readonly release: () => void;
}

/** Longest wait for a holder to stop, in ms. */
const WAIT_MS = 10_000;

/** Another request keeps the upload; tus clients try again after this status. */
export class UploadLocked extends Error {
  readonly status_code = 423;
  readonly body = 'Another request is sending to this upload.\n';
}

/** Locks within this process. Unlike the library's own it waits without spinning. */
export function createTicketLocker(waitMs = WAIT_MS): Locker {
  const holders = new Map<string, Holder>();
  return {
    newLock: (id) => newLock(holders, id, waitMs),
  };
}

function newLock(holders: Map<string, Holder>, id: string, waitMs: number): Lock {
  return {
    async lock(signal, askToStop) {
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
      for (let holder = holders.get(id); holder; holder = holders.get(id)) {
        await holder.askToStop();
        await settledBefore(holder.released, deadline);
      }
      holders.set(id, newHolder(askToStop));
    },
    unlock() {
      holders.get(id)?.release();
      holders.delete(id);
      return Promise.resolve();
    },
  };
}

function newHolder(askToStop: Holder['askToStop']): Holder {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { askToStop, released, release: () => release() };
}

/** @throws {UploadLocked} when the holder takes too long, or the waiting request is given up */
async function settledBefore(promise: Promise<void>, deadline: AbortSignal): Promise<void> {
  let giveUp = (): void => undefined;
  const late = new Promise<never>((_resolve, reject) => {
    giveUp = () => reject(new UploadLocked());
  });
  if (deadline.aborted) giveUp();
  deadline.addEventListener('abort', giveUp, { once: true });
  try {
    await Promise.race([promise, late]);
  } finally {
    deadline.removeEventListener('abort', giveUp);
  }
}
