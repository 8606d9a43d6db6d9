// An activitypub.bot of its own for a test file: a server of the fediverse that nobody here wrote, with one bot that
// does what the test says.
import { execFile, spawn, type ChildProcessByStdio } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { emptyDatabase } from './database.js';
import type { FederatedNetwork } from './federation.js';
import { freePort } from './free-port.js';

const SCRIPT = path.resolve('tools/activitypub-bot.sh');
const HOST = 'bot.example';

/** Before what it answers; everything else that it writes is its log. */
const ANSWER = '> ';

type Child = ChildProcessByStdio<Writable, Readable, null>;

/** A document as the bot reads or writes it. */
export type BotDocument = Record<string, unknown> & { readonly id: string };

/** A running activitypub.bot with one bot, `robo`. */
export interface ActivityPubBot extends AsyncDisposable {
  /** The bot's actor. */
  readonly actorUri: string;
  readonly handle: string;
  /** Where the bot's picture is served. */
  readonly pictureUri: string;
  /** Lets the bot do something of tools/activitypub-bot/commands.js. */
  does<Answer = BotDocument>(command: string, ...values: unknown[]): Promise<Answer>;
  /** How many members a collection of one of its notes has, as the bot's server tells everybody. */
  count(noteUri: string, collection: 'likes' | 'shares' | 'replies'): Promise<number>;
}

/** Whether it was fetched. */
export async function hasActivityPubBot(): Promise<boolean> {
  return promisify(execFile)(SCRIPT, ['is-installed']).then(
    () => true,
    () => false,
  );
}

/** Starts it in a network, under the name bot.example; `hosts` are the ports of the servers that it can reach. */
export async function startActivityPubBot(
  network: FederatedNetwork,
  hosts: Readonly<Record<string, number>>,
  picture: Buffer,
): Promise<ActivityPubBot> {
  if (!(await hasActivityPubBot())) {
    throw new Error(
      'activitypub.bot is not here: tools/activitypub-bot.sh install fetches it from the npm registry',
    );
  }
  await using stack = new AsyncDisposableStack();
  const directory = await mkdtemp(path.join(tmpdir(), 'activitypub-bot-'));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const database = stack.use(await emptyDatabase());
  const file = path.join(directory, 'picture.jpg');
  await writeFile(file, picture);
  const port = await freePort();
  const settings = {
    origin: `https://${HOST}`,
    port,
    databaseUrl: withHostAsParameter(database.url),
    username: 'robo',
    picture: pathToFileURL(file).href,
    hosts,
  };
  const child = spawn(SCRIPT, ['serve', JSON.stringify(settings)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  stack.defer(() => end(child));
  const does = await converseWith(child);
  network.name(HOST, port);
  const actorUri = `https://${HOST}/user/robo`;
  const owned = stack.move();
  return {
    actorUri,
    handle: `robo@${HOST}`,
    pictureUri: `${actorUri}/image`,
    does: does as ActivityPubBot['does'],
    count: async (noteUri, collection) => {
      const { pathname } = new URL(noteUri);
      const answer = await fetch(`http://127.0.0.1:${port}${pathname}/${collection}`);
      return ((await answer.json()) as { totalItems: number }).totalItems;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

interface Line {
  readonly isReady?: true;
  readonly id?: number;
  readonly answer?: unknown;
  readonly error?: string;
}

/** Waits until it serves; what is answered then is a way to tell it what to do. */
async function converseWith(
  child: Child,
): Promise<(command: string, ...values: unknown[]) => Promise<unknown>> {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const ready = Promise.withResolvers<void>();
  createInterface({ input: child.stdout }).on('line', (text) => {
    if (!text.startsWith(ANSWER)) return void process.stderr.write(`${text}\n`);
    const { isReady, id, answer, error } = JSON.parse(text.slice(ANSWER.length)) as Line;
    if (isReady) return ready.resolve();
    const { resolve, reject } = waiting.get(id!)!;
    waiting.delete(id!);
    if (error === undefined) resolve(answer);
    else reject(new Error(error));
  });
  child.once('exit', (code) => {
    const ended = new Error(`activitypub.bot ended with ${code}`);
    ready.reject(ended);
    for (const { reject } of waiting.values()) reject(ended);
  });
  await ready.promise;
  let last = 0;
  return (does, ...values) => {
    const id = ++last;
    const answered = Promise.withResolvers<unknown>();
    waiting.set(id, answered);
    child.stdin.write(`${JSON.stringify({ id, does, with: values })}\n`);
    return answered.promise;
  };
}

async function end(child: Child): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  child.kill('SIGKILL');
  await gone;
}

/** Its database client takes the folder of a socket as a parameter, and not as a host. */
function withHostAsParameter(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  const host = decodeURIComponent(url.hostname);
  if (!host.startsWith('/')) return databaseUrl;
  const user = url.username && `${url.username}@`;
  return `postgres://${user}localhost:${url.port}${url.pathname}?host=${encodeURIComponent(host)}`;
}
