// `npm run two-servers` as a newcomer has it: what it prints is enough to sign in, to upload, and to chat with files.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { TriptychClient, whenReady } from '../../sdk/src/index.js';
import { isReady, openTerminals } from '../chat/terminals.js';
import { freePair } from '../support/free-port.js';
import { photograph } from '../support/photographs.js';
import { until } from '../support/until.js';

/** Starts them, and waits until they say that they are ready. */
async function startTwoServers(directory: string) {
  const { PATH, HOME } = process.env;
  // A server takes no variable that it does not know, and tests have some.
  const env = { PATH, HOME, PORT: String(await freePair()), DATA_DIR: directory };
  const child = spawn(process.execPath, ['tools/two-servers.js'], { env, stdio: 'pipe' });
  const ended = once(child, 'close');
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => (printed += part.toString()));
  const areUp = (): boolean => {
    if (child.exitCode !== null) throw new Error(`They stopped: ${printed}`);
    return printed.includes('npm run -s chat');
  };
  await until(areUp, { every: 50, shows: () => printed });
  return {
    printed,
    stop: async (): Promise<number | null> => {
      child.kill('SIGINT');
      await ended;
      return child.exitCode;
    },
  };
}

test('two servers print what it takes to upload and to chat with files, and start again with what they have', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'triptych-two-servers-'));
  try {
    const first = await startTwoServers(directory);
    const origins = [...first.printed.matchAll(/(http:\S+)\/graphiql {2}account (\w+)/g)];
    const [[, here = '', ada = ''] = [], [, there = '', ben = ''] = []] = origins;
    const password = /password of both is: (.+)/.exec(first.printed)?.[1] ?? '';
    const reach = /export TRIPTYCH_REACH=(\S+)/.exec(first.printed)?.[1] ?? '';

    // Without a word of where the address of the server leads.
    const client = new TriptychClient({ origin: here });
    await client.signIn(ada, password);
    const bytes = await readFile(await photograph());
    const about = { purpose: 'POST', fileName: 'kite.jpg', mimeType: 'image/jpeg' } as const;
    await whenReady(client.transport, await client.upload(bytes, about));
    await client.close();

    await using terminals = await openTerminals({
      TRIPTYCH_PASSWORD: password,
      TRIPTYCH_REACH: reach,
    });
    const other = terminals.open(there, ben);
    await other.line(isReady);
    const one = terminals.open(here, ada, `${ben}@b.example`);
    await one.line(isReady);
    const sent = path.join(terminals.home, 'note.txt');
    await writeFile(sent, 'from one server to another');
    one.type(`/send ${sent}`);
    await other.line((line) => line.endsWith('[note.txt, 26 bytes]'));
    other.type(`/save ${directory}`);
    const saved = await other.line((line) => line.startsWith('saved '));
    expect(await readFile(saved.slice('saved '.length), 'utf8')).toBe('from one server to another');
    for (const each of [one, other]) {
      each.type('/quit');
      expect(await each.ended).toBe(0);
    }
    expect(await first.stop()).toBe(0);

    const second = await startTwoServers(directory);
    expect(second.printed).not.toMatch(/taken|another account/i);
    expect(await second.stop()).toBe(0);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}, 300_000);
