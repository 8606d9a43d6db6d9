// Checks that need the database: version, migrations, clock, what the data belong to, age of the last backup.
import { MIGRATIONS } from '../../../migrations/index.js';
import type { Config } from '../../platform/config.js';
import { clockSkew, SKEW_WARNING_MS } from '../../platform/db/clock-skew.js';
import { appliedMigrations, connect } from '../../platform/db/connection.js';
import type { Connection } from '../../platform/db/connection.js';
import { hasDatabase, openToolDatabase } from '../../platform/db/locate-database.js';
import { unknownMigrations } from '../../platform/db/migrator.js';
import { readLastBackup } from '../../platform/db/last-backup.js';
import { readServerIdentity } from '../../platform/db/server-identity.js';
import type { ServerIdentity } from '../../platform/db/server-identity.js';
import { QUEUE_STATE, STUCK_SECONDS, type QueueState } from '../../platform/jobs/queue-state.js';
import { findServerKey, assertExpectedKey } from '../../platform/server-key.js';
import { messageOf } from './finding.js';
import type { Finding } from './finding.js';

const OLDEST_POSTGRES = 160_000;
const SKEW_FAILURE_MS = 60_000;
const BACKUP_AGE_DAYS = 7;
const DAY_MS = 86_400_000;

async function checkVersion(connection: Connection): Promise<Finding> {
  const {
    rows: [row],
  } = await connection.query<{ number: number; name: string }>(
    "select current_setting('server_version_num')::int as number, current_setting('server_version') as name",
  );
  const isOld = (row?.number ?? 0) < OLDEST_POSTGRES;
  return {
    check: 'database',
    state: isOld ? 'failed' : 'ok',
    detail: `PostgreSQL ${row?.name}${isOld ? ' is too old: 16 or later is needed' : ''}`,
  };
}

function checkMigrations(applied: readonly string[]): Finding {
  const known: readonly string[] = MIGRATIONS.map(({ name }) => name);
  const pending = known.filter((name) => !applied.includes(name));
  const foreign = unknownMigrations(applied);
  const check = 'migrations';
  if (foreign.length > 0)
    return {
      check,
      state: 'failed',
      detail: `the database is of a newer version: ${foreign.join(', ')}`,
    };
  if (pending.length > 0)
    return { check, state: 'warning', detail: `the next start applies ${pending.join(', ')}` };
  return { check, state: 'ok', detail: `all ${applied.length} are applied` };
}

async function checkClock(connection: Connection): Promise<Finding> {
  const skew = await clockSkew(connection);
  const state =
    Math.abs(skew) > SKEW_FAILURE_MS
      ? 'failed'
      : Math.abs(skew) > SKEW_WARNING_MS
        ? 'warning'
        : 'ok';
  return {
    check: 'clock',
    state,
    detail: `${Math.abs(skew)} ms ${skew < 0 ? 'behind' : 'ahead of'} the database`,
  };
}

function checkDomain(config: Config, identity: ServerIdentity): Finding {
  const check = 'domain';
  if (identity.domain === null)
    return {
      check,
      state: 'ok',
      detail: `${config.publicUrl.host} will be fixed at the first start`,
    };
  if (identity.domain === config.publicUrl.host)
    return { check, state: 'ok', detail: identity.domain };
  return {
    check,
    state: 'failed',
    detail: `the data belong to ${identity.domain}, but PUBLIC_URL says ${config.publicUrl.host}`,
  };
}

async function checkServerKey(config: Config, identity: ServerIdentity): Promise<Finding> {
  const check = 'server-key';
  try {
    const key = await findServerKey(config);
    if (key !== null) await assertExpectedKey(key, identity.keyFingerprint);
    else if (identity.keyFingerprint !== null)
      return {
        check,
        state: 'failed',
        detail: `the key ${identity.keyFingerprint} of the data is missing: put it back from a backup`,
      };
    return {
      check,
      state: 'ok',
      detail: key === null ? 'the first start makes one' : 'readable by this account alone',
    };
  } catch (error) {
    return { check, state: 'failed', detail: messageOf(error) };
  }
}

async function checkBackup(connection: Connection, now: Date): Promise<Finding> {
  const check = 'backup';
  const last = await readLastBackup(connection);
  if (last === null)
    return { check, state: 'warning', detail: 'there never was one: run `triptych backup create`' };
  const days = (now.getTime() - last.getTime()) / DAY_MS;
  return {
    check,
    state: days > BACKUP_AGE_DAYS ? 'warning' : 'ok',
    detail: `the last one is ${Math.floor(days)} days old`,
  };
}

/** Jobs that nobody finishes by themselves. */
async function checkJobs(connection: Connection): Promise<Finding> {
  const check = 'jobs';
  const {
    rows: [state],
  } = await connection.query<QueueState>(QUEUE_STATE.text);
  const { waiting = 0, stuck = 0, failed = 0, failedNames } = state ?? {};
  const complaints = [
    ...(stuck > 0
      ? [`${stuck} stuck: the worker is gone, or runs for more than ${STUCK_SECONDS / 60} minutes`]
      : []),
    ...(failed > 0 ? [`${failed} given up after the last try: ${failedNames?.join(', ')}`] : []),
  ];
  return complaints.length > 0
    ? { check, state: 'warning', detail: complaints.join('; ') }
    : { check, state: 'ok', detail: `none stuck, none given up, ${waiting} waiting` };
}

async function checkContents(config: Config, connection: Connection): Promise<Finding[]> {
  const [version, clock, applied] = [
    await checkVersion(connection),
    await checkClock(connection),
    await appliedMigrations(connection),
  ];
  const isNew = applied.length === 0;
  const identity = isNew
    ? { domain: null, keyFingerprint: null }
    : await readServerIdentity(connection);
  return [
    version,
    checkMigrations(applied),
    clock,
    checkDomain(config, identity),
    await checkServerKey(config, identity),
    ...(isNew ? [] : [await checkJobs(connection), await checkBackup(connection, new Date())]),
  ];
}

/** Everything about the database; the embedded one is started for the moment if no server runs it. */
export async function checkDatabase(config: Config): Promise<Finding[]> {
  if (!hasDatabase(config)) {
    return [
      {
        check: 'database',
        state: 'warning',
        detail: 'there are no data yet; the first start makes an embedded PostgreSQL',
      },
      await checkServerKey(config, { domain: null, keyFingerprint: null }),
    ];
  }
  try {
    await using database = await openToolDatabase(config);
    await using connection = await connect(database.url);
    return await checkContents(config, connection);
  } catch (error) {
    return [{ check: 'database', state: 'failed', detail: messageOf(error) }];
  }
}
