// Our server as its own main starts it, but to whom every other server is one port of this machine.
import { once } from 'node:events';
import { startProcess } from '../src/app/start.js';
import { loadConfig } from '../src/platform/config.js';
import { processEnvironment } from '../src/platform/config/environment.js';
import { HttpClient } from '../src/platform/http-client.js';
import { createLogger } from '../src/platform/logger.js';

const port = Number(process.argv[2]);
const config = loadConfig(processEnvironment());
const stopped = once(process, 'SIGTERM');
{
  const http = new HttpClient({
    name: 'bench/1',
    isAllowed: (address) => address === '127.0.0.1',
    resolve: (_name, _options, answer) => answer(null, [{ address: '127.0.0.1', family: 4 }]),
    connectTo: () => ({ protocol: 'http:', port }),
  });
  await using _started = await startProcess(config, createLogger(config.log), { http });
  await stopped;
}
