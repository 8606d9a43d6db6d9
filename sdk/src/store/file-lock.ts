/**
 * A lock on a file that ends with its process, however that ends: a name on which the process listens. On Linux and Windows
 * the system forgets the name by itself; elsewhere a socket file stays behind, and whoever finds it asks whether anybody
 * still listens.
 */
import { createHash } from 'node:crypto';
import { realpath, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { StoreInUseError } from './storage.js';

/** Gives the lock up. */
export type Release = () => Promise<void>;

/** @throws {StoreInUseError} when this or another process of this machine has it */
export async function lockFile(file: string): Promise<Release> {
  const name = await nameOf(file);
  const server = (await listen(name)) ?? (await listenWhereNobodyIs(name));
  if (!server) throw new StoreInUseError();
  // The lock alone keeps no process alive.
  server.unref();
  return () => new Promise((resolve) => void server.close(() => resolve()));
}

/** The same for each way to write the path of a file. */
async function nameOf(file: string): Promise<string> {
  const directory = await realpath(path.dirname(path.resolve(file)));
  const whole = path.join(directory, path.basename(file));
  const name = `triptych-${createHash('sha256').update(whole).digest('hex').slice(0, 32)}`;
  if (process.platform === 'linux') return `\0${name}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  return path.join(tmpdir(), `${name}.lock`);
}

/** Null = the name is taken. */
function listen(name: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (fault: NodeJS.ErrnoException) => {
      if (fault.code === 'EADDRINUSE' || fault.code === 'EACCES') resolve(null);
      else reject(fault);
    });
    server.listen(name, () => resolve(server));
  });
}

/** Takes over what a process left behind that was killed. */
async function listenWhereNobodyIs(name: string): Promise<Server | null> {
  if (!path.isAbsolute(name) || process.platform === 'win32' || (await isAnybodyThere(name)))
    return null;
  await rm(name, { force: true });
  return listen(name);
}

function isAnybodyThere(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(name);
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
