/** The server process: reads the configuration, starts, says where it is, and drains on a signal. */
import { setTimeout as delay } from 'node:timers/promises';
import { IdentityMismatch } from './app/server-identity.js';
import { startProcess } from './app/start.js';
import { welcome } from './app/welcome.js';
import { openVideoTools } from './media/video-tools.js';
import { ConfigError, loadConfig } from './platform/config.js';
import { processEnvironment } from './platform/config/environment.js';
import { createLogger, type Logger } from './platform/logger.js';
import { requireNode } from './platform/require-node.js';
import { returnMemoryAtRest } from './platform/return-memory.js';
import { ServerKeyError } from './platform/server-key.js';
import { StartError } from './platform/start-error.js';
import { StorageError } from './platform/storage/storage-error.js';

try {
  await serve();
} catch (error) {
  if (!(error instanceof Error)) throw error;
  process.stderr.write(`triptych cannot start: ${error.message}\n`);
  const isExplained = [
    ConfigError,
    IdentityMismatch,
    ServerKeyError,
    StartError,
    StorageError,
  ].some((kind) => error instanceof kind);
  if (!isExplained && process.exitCode === undefined) process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
}

async function serve(): Promise<void> {
  requireNode(process.version);
  const environment = processEnvironment();
  const config = loadConfig(environment);
  const log = createLogger(config.log);
  const stopped = stopSignal();
  let isStarting = true;
  void stopped.then((signal) => isStarting && abandonStart(log, signal));
  // Not awaited: an installation may take minutes, and only video needs it.
  const isRoot = process.getuid?.() === 0;
  const tools = openVideoTools({ ...config.ffmpeg, environment, isRoot, log });
  {
    await using started = await startProcess(config, log, {}, tools);
    using _memory = returnMemoryAtRest();
    isStarting = false;
    let isDraining = false;
    void started.databaseGone.then(() => isDraining || endWithoutDatabase(log));
    log.info({ port: started.port, url: config.publicUrl.href, role: config.role }, 'listening');
    await welcome(started, (text) => process.stdout.write(text));
    const signal = await stopped;
    isDraining = true;
    log.info({ signal, delaySeconds: config.drainDelaySeconds }, 'draining');
    endAfter(config.drainDelaySeconds + config.shutdownSeconds);
    started.refuseTraffic();
    await delay(config.drainDelaySeconds * 1000);
  }
  log.info('stopped');
}

/** The first signal drains; the second finds no listener any more and ends the process at once. */
function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const signals = ['SIGINT', 'SIGTERM'] as const;
    const drain = (signal: NodeJS.Signals): void => {
      for (const name of signals) process.off(name, drain);
      resolve(signal);
    };
    for (const name of signals) process.on(name, drain);
  });
}

/** A start that is told to stop has nothing to drain; the embedded PostgreSQL ends with this process. */
function abandonStart(log: Logger, signal: NodeJS.Signals): void {
  log.info({ signal }, 'stopped while starting');
  // oxlint-disable-next-line no-restricted-properties -- nothing else ends what a start may be waiting for
  process.exit(0);
}

/** Whoever started the process starts it again, and that start recovers what PostgreSQL left. */
function endWithoutDatabase(log: Logger): void {
  log.fatal('the embedded PostgreSQL has ended; its log is postgres/postgres.log in DATA_DIR');
  // oxlint-disable-next-line no-restricted-properties -- without a database nothing can be drained in order
  process.exit(1);
}

function endAfter(seconds: number): void {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), seconds * 1000).unref();
}
