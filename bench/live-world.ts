// A server with a thousand signed-in people and one public post, on a database of its own.
import { randomBytes } from 'node:crypto';
import { compose } from '../src/app/compose.js';
import { mintSessionToken } from '../src/accounts/tokens.js';
import { systemClock } from '../src/platform/clock.js';
import { loadConfig } from '../src/platform/config.js';
import type { Config } from '../src/platform/config.js';
import type { Services } from '../src/platform/context.js';
import { statement } from '../src/platform/db/database.js';
import { newId } from '../src/platform/ids.js';
import { createLogger } from '../src/platform/logger.js';
import { openSealer } from '../src/platform/sealing.js';
import { startBenchDatabase } from './bench-database.js';
import { treeSeconds } from './cpu.js';

/** What is measured with. */
export interface LiveWorld extends AsyncDisposable {
  readonly config: Config;
  readonly services: Services;
  readonly databaseUrl: string;
  readonly postId: string;
  /** One per person. */
  readonly tokens: readonly string[];
  /** CPU seconds of PostgreSQL with all its backends so far. */
  postgresSeconds(): number;
}

const ACTORS = statement(
  'bench.actors',
  `insert into actors (id, username, uri, url, display_name, joined_at, updated_at)
   select id, 'p' || n, 'https://a.example/actors/' || n, 'https://a.example/@p' || n, 'Person ' || n, now(), now()
   from unnest($1::uuid[]) with ordinality as person (id, n)`,
);
const ACCOUNTS = statement(
  'bench.accounts',
  `insert into accounts (id, actor_id, email, email_canonical, password_hash, password_changed_at, state, created_at, updated_at)
   select id, id, id || '@a.example', id || '@a.example', '', now(), 'ACTIVE', now(), now() from unnest($1::uuid[]) as person (id)`,
);
const SESSIONS = statement(
  'bench.sessions',
  `insert into sessions (id, account_id, kind, token_digest, scopes, created_at, last_used_at, expires_at)
   select id, id, 'SESSION', digest, '{read,write}', now(), now(), now() + interval '1 day'
   from unnest($1::uuid[], $2::bytea[]) as session (id, digest)`,
);
const POST = statement(
  'bench.insert_post',
  `insert into posts (id, kind, author_id, is_local, uri, url, content_html, language, visibility, published_at)
   values ($1, 'photo', $2, true, 'https://a.example/p/1', 'https://a.example/p/1', $3, 'en', 'PUBLIC', now())`,
);
const CAPTION = `<p>${'Morning light over the harbour, and the first ferry leaves. '.repeat(10)}</p>`;

/** Starts database and services. */
export async function startLiveWorld(people: number): Promise<LiveWorld> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await startBenchDatabase());
  const { databaseUrl, dataDirectory } = database;
  const config = loadConfig({
    DATA_DIR: dataDirectory,
    LOG_LEVEL: 'silent',
    PUBLIC_URL: 'https://a.example',
  });
  const log = createLogger(config.log);
  const sealer = await openSealer(randomBytes(32));
  const services = stack.use(
    await compose({ config, clock: systemClock, log, sealer, databaseUrl }, 'web'),
  );
  const ids = Array.from({ length: people }, () => newId<'actor'>(new Date()));
  const tokens = ids.map(() => mintSessionToken());
  const postId = newId<'post'>(new Date());
  await services.database.rows(ACTORS, [ids]);
  await services.database.rows(ACCOUNTS, [ids]);
  await services.database.rows(SESSIONS, [ids, tokens.map(({ digest }) => digest)]);
  await services.database.rows(POST, [postId, ids[0], CAPTION]);
  const owned = stack.move();
  return {
    config,
    services,
    databaseUrl,
    postId,
    tokens: tokens.map(({ token }) => token),
    postgresSeconds: () => treeSeconds([database.postgresProcessId]),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
