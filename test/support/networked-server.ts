// The server as its own main starts it, but to whom the hosts of the first argument are ports of this machine.
import { once } from 'node:events';
import { startProcess } from '../../src/app/start.js';
import { loadConfig } from '../../src/platform/config.js';
import { processEnvironment } from '../../src/platform/config/environment.js';
import { createLogger } from '../../src/platform/logger.js';
import { portsOfThisMachine } from './federation.js';
import { postTo } from './push-service.js';

const hosts = JSON.parse(process.argv[2] ?? '{}') as Record<string, number>;
const config = loadConfig(processEnvironment());
const stopped = once(process, 'SIGTERM');
{
  const ports = new Map(Object.entries(hosts));
  const network = { http: portsOfThisMachine(ports), outside: postTo((host) => ports.get(host)) };
  await using _started = await startProcess(config, createLogger(config.log), network);
  await stopped;
}
