// Servers that federate, each a process of its own that can be killed, on a database and data of its own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect, type Connection } from '../../src/platform/db/connection.js';
import { parseGlobalId } from '../../src/platform/ids.js';
import { freshDatabase } from './database.js';
import { flatPng } from './pictures.js';
import { freePort } from './free-port.js';
import { startNetworkedProcess, type ServerProcess } from './server-process.js';
import { until } from './until.js';

/** One server, whether it runs or not. */
export interface Site {
  readonly host: string;
  readonly port: number;
  /** Where its key and its files are. */
  readonly dataDirectory: string;
  /** A connection of the test's own to its database. */
  readonly connection: Connection;
  /** The process that runs. */
  process(): ServerProcess;
  start(): Promise<void>;
  kill(): Promise<void>;
}

/** Somebody on a server. */
export interface SitePerson {
  readonly site: Site;
  readonly token: string;
  /** Inner UUID. */
  readonly actorId: string;
  readonly handle: string;
}

/** How servers are started otherwise than usual. */
export interface SiteOptions {
  /** Ports of other hosts that they know. */
  readonly elsewhere?: Readonly<Record<string, number>>;
  /** The port at which the others find a server, for example that of a proxy before it. */
  readonly doorTo?: (host: string, port: number) => Promise<number>;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts servers that know each other by name. */
export async function startSites(
  stack: AsyncDisposableStack,
  names: readonly string[],
  { elsewhere, doorTo, environment }: SiteOptions = {},
): Promise<Site[]> {
  const ports = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await freePort()] as const)),
  );
  const hosts: Record<string, number> = { ...ports };
  if (doorTo) for (const name of names) hosts[name] = await doorTo(name, ports[name]!);
  Object.assign(hosts, elsewhere);
  const sites = [];
  for (const host of names)
    sites.push(await prepareSite(stack, host, ports[host]!, hosts, environment));
  await Promise.all(sites.map((site) => site.start()));
  return sites;
}

async function prepareSite(
  stack: AsyncDisposableStack,
  host: string,
  port: number,
  hosts: Readonly<Record<string, number>>,
  more: Readonly<Record<string, string>> = {},
): Promise<Site> {
  const database = stack.use(await freshDatabase());
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'triptych-'));
  stack.defer(() => rm(dataDirectory, { recursive: true, force: true }));
  const connection = stack.use(await connect(database.url));
  const environment = {
    DATABASE_URL: database.url,
    DATA_DIR: dataDirectory,
    PUBLIC_URL: `https://${host}`,
    REGISTRATION_EMAIL_VERIFICATION: 'optional',
    LOG_LEVEL: 'warn',
    ...more,
  };
  let running: ServerProcess | null = null;
  stack.defer(() => running?.[Symbol.asyncDispose]());
  return {
    host,
    port,
    dataDirectory,
    connection,
    process: () => running!,
    start: async () => {
      running = await startNetworkedProcess(environment, port, hosts);
    },
    kill: async () => {
      await running!.kill();
    },
  };
}

/** Registers somebody. */
export async function join(site: Site, username: string): Promise<SitePerson> {
  const { registerAccount } = await site.process().graphql<{
    registerAccount: { token: string; actor: { id: string } };
  }>(`mutation ($input: RegisterAccountInput!) { registerAccount(input: $input) { token actor { id } userErrors { code } } }`, {
    input: {
      username,
      email: `${username}@people.example`,
      password: 'orange kite over water',
      birthDate: '1990-05-01',
      agreedToRules: true,
    },
  });
  const { token, actor } = registerAccount;
  const actorId = parseGlobalId(actor.id)!.id;
  return { site, token, actorId, handle: `${username}@${site.host}` };
}

/** Asks as somebody. */
export function ask<Data>(who: SitePerson, query: string, variables: object = {}): Promise<Data> {
  return who.site.process().graphql<Data>(query, { ...variables }, who.token);
}

/** Follows somebody of another server, and waits until that has accepted it. Answers the id under which it knows them. */
export async function followAcross(who: SitePerson, handle: string): Promise<string> {
  const { fetchRemoteObject } = await ask<{ fetchRemoteObject: { object: { id: string } } }>(
    who,
    'mutation ($input: FetchRemoteObjectInput!) { fetchRemoteObject(input: $input) { object { id } } }',
    { input: { handle } },
  );
  const actorId = fetchRemoteObject.object.id;
  await ask(
    who,
    'mutation ($input: FollowActorInput!) { followActor(input: $input) { userErrors { code } } }',
    { input: { actorId } },
  );
  const values = [who.actorId, parseGlobalId(actorId)!.id];
  await untilRow(
    who.site,
    `select from follows where follower_id = $1 and followee_id = $2 and state = 'ACCEPTED'`,
    values,
  );
  return actorId;
}

/** Uploads a picture and publishes it; answers the post's address. */
export async function post(who: SitePerson, caption: string): Promise<string> {
  const picture = flatPng(40, 30);
  const { createUpload } = await ask<{
    createUpload: { ticket: { uploadUrl: string; media: { id: string } } };
  }>(
    who,
    'mutation ($input: CreateUploadInput!) { createUpload(input: $input) { ticket { uploadUrl media { id } } } }',
    {
      input: {
        purpose: 'POST',
        fileName: 'a.png',
        mimeType: 'image/png',
        sizeBytes: String(picture.length),
      },
    },
  );
  const { uploadUrl, media } = createUpload.ticket;
  const { pathname } = new URL(uploadUrl);
  const body = new Uint8Array(picture);
  await fetch(`${who.site.process().origin}${pathname}`, { method: 'PUT', body });
  await untilRow(who.site, `select from media where id = $1 and state = 'READY'`, [
    parseGlobalId(media.id)!.id,
  ]);
  const { publishPhotoPost } = await ask<{ publishPhotoPost: { post: { uri: string } } }>(
    who,
    'mutation ($input: PublishPhotoPostInput!) { publishPhotoPost(input: $input) { post { uri } userErrors { code } } }',
    { input: { mediaIds: [media.id], common: { visibility: 'PUBLIC', caption } } },
  );
  return publishPhotoPost.post.uri;
}

/** Milliseconds for a row: what was killed meanwhile comes back, and others try again after pauses. */
const PATIENCE = 240_000;

/** Waits until a statement has a row. @throws when it never has, with the statement */
export async function untilRow(
  { connection }: Site,
  text: string,
  values: unknown[] = [],
): Promise<void> {
  const isThere = async (): Promise<boolean> => {
    // In a transaction, what others do is seen as it was at the first look until this is said.
    await connection.query('select pg_stat_clear_snapshot()');
    return (await connection.query(text, values)).rows.length > 0;
  };
  const shows = (): string => `${text} ${JSON.stringify(values)}`;
  await until(isThere, { patience: PATIENCE, every: 20, shows });
}

/** What a statement counts. */
export async function count(
  { connection }: Site,
  text: string,
  values: unknown[] = [],
): Promise<number> {
  const { rows } = await connection.query<{ n: number }>(
    `select count(*)::int as n from ${text}`,
    values,
  );
  return rows[0]!.n;
}
