/** Opens a port, or says in words which variable chooses another one. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StartError } from '../platform/start-error.js';
import { hasCode } from '../platform/system-error.js';

/** Where a server listens, and the variable that says so. */
export interface PortChoice {
  readonly variable: 'PORT' | 'METRICS_PORT';
  /** 0 = any free one. */
  readonly port: number;
  /** Absent: every address of the machine. */
  readonly host?: string;
}

/**
 * Listens; the port that it got.
 *
 * @throws {StartError} with the remedy
 */
export async function openPort(
  server: Server,
  { variable, port, host }: PortChoice,
): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: Error): void => reject(explained(error, `${variable}=${port}`));
    server.once('error', refuse);
    server.listen({ port, host }, () => {
      server.off('error', refuse);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}

function explained(error: Error, choice: string): Error {
  if (hasCode(error, 'EADDRINUSE'))
    return new StartError(
      `${choice} is in use by another process: end it, or choose another port.`,
    );
  if (hasCode(error, 'EACCES'))
    return new StartError(`${choice} may not be opened by this account: choose one above 1023.`);
  return error;
}
