import { createHash, randomBytes } from 'node:crypto';
import {
  copyFileSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pack } from 'tar-stream';
import { checkArchive, gather, readParts } from '../../src/cli/backup/archive-reader.js';
import { createBackup } from '../../src/cli/backup/create-backup.js';
import type { BackupSource } from '../../src/cli/backup/create-backup.js';
import { loadDatabase } from '../../src/cli/backup/load-database.js';
import { restoreBackup } from '../../src/cli/backup/restore-backup.js';
import { connect } from '../../src/platform/db/connection.js';
import type { Connection } from '../../src/platform/db/connection.js';
import { readLastBackup } from '../../src/platform/db/last-backup.js';
import { readSequences } from '../../src/platform/db/table-copy.js';
import { keyFingerprint } from '../../src/platform/sealing.js';
import { openFilesystemStorage } from '../../src/platform/storage/filesystem.js';
import { freshDatabase } from '../support/database.js';
import { triptych } from '../support/triptych-command.js';

let directory: string;
const at = (...parts: string[]) => path.join(directory, ...parts);
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'triptych-backup-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const serverKey = Buffer.alloc(32, 9);
const photo = randomBytes(3_000_000);
const original = randomBytes(100);
const actorId = '01900000-0000-7000-8000-000000000001';
const mediaId = '01900000-0000-7000-8000-000000000002';
const awkward = 'tab\there, line\nbreak, back\\slash, "quotes", \\. and ünïcode 📷';

/** Rows with every awkwardness: references in a circle, special characters, counters, running jobs, journal order. */
async function fill(connection: Connection): Promise<void> {
  const now = new Date();
  const setting = 'insert into server_settings (key, value) values ($1, to_jsonb($2::text))';
  await connection.query(setting, ['domain', 'photos.example']);
  await connection.query(setting, ['key_fingerprint', await keyFingerprint(serverKey)]);
  await connection.query(
    `insert into media (id, owner_id, kind, purpose, state, mime_type, original_key, alt_text, created_at, updated_at)
     values ($1, $2, 'image', 'AVATAR', 'READY', 'image/jpeg', 'o/original', $3, $4, $4)`,
    [mediaId, actorId, awkward, now],
  );
  await connection.query(
    `insert into renditions (media_id, name, storage_key, mime_type, width, height, size_bytes)
     values ($1, 'large', 'r/photo.jpg', 'image/jpeg', 10, 10, $2), ($1, 'gone', 'r/gone.jpg', 'image/jpeg', 1, 1, 1)`,
    [mediaId, photo.length],
  );
  await connection.query(
    `insert into actors (id, username, uri, url, avatar_media_id, joined_at, updated_at)
     values ($1, 'ada', 'https://photos.example/actors/1', 'https://photos.example/@ada', $2, $3, $3)`,
    [actorId, mediaId, now],
  );
  await connection.query(
    "insert into events (xid, seq, name, payload) overriding system value values ('900000001', 5, 'late', '{}'), ('900000000', 7, 'early', '{}')",
  );
  await connection.query("insert into events (name, payload) values ('now', '{}')");
  await connection.query(
    "select graphile_worker.add_job('demo', json_build_object('n', n)) from generate_series(1, 3) n",
  );
  await connection.query(
    "update graphile_worker._private_jobs set locked_at = now(), locked_by = 'dead' where id = (select min(id) from graphile_worker._private_jobs)",
  );
}

async function placeObjects(): Promise<BackupSource['storage']> {
  const storage = openFilesystemStorage(at('media'));
  for (const [key, content] of [
    ['r/photo.jpg', photo],
    ['o/original', original],
    ['x/unrelated', original],
  ] as const) {
    writeFileSync(at('object'), content);
    await storage.putFile(key, at('object'), 'image/jpeg');
  }
  return storage;
}

/** A filled server and its backup. */
async function saved(passphrase: string | null = null) {
  const stack = new AsyncDisposableStack();
  const database = stack.use(await freshDatabase());
  const connection = stack.use(await connect(database.url));
  await fill(connection);
  const storage = await placeObjects();
  const file = at('backup.tar');
  const backup = await createBackup(file, {
    databaseUrl: database.url,
    storage,
    serverKey,
    passphrase,
  });
  return {
    ...backup,
    file,
    connection,
    databaseUrl: database.url,
    storage,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function target(databaseUrl: string, passphrase: string | null = null) {
  const dataDirectory = at('restored');
  mkdirSync(dataDirectory, { recursive: true });
  return {
    databaseUrl,
    storage: openFilesystemStorage(path.join(dataDirectory, 'media')),
    dataDirectory,
    serverKey: null,
    passphrase,
    domain: 'photos.example',
  };
}

async function emptyDatabase() {
  const database = await freshDatabase();
  await using connection = await connect(database.url);
  await connection.query(
    'drop schema public cascade; create schema public; drop schema graphile_worker cascade',
  );
  return database;
}

interface ForgedPart {
  readonly name: string;
  readonly content: Buffer;
}

/** A copy with changed parts whose manifest has the right digests. */
async function forged(file: string, change: (part: ForgedPart) => ForgedPart): Promise<string> {
  const archive = pack();
  const copy = at('forged.tar');
  const written = pipeline(archive, createWriteStream(copy));
  const parts: { name: string; bytes: number; sha256: string }[] = [];
  for await (const part of readParts(file)) {
    const changed = change({ name: part.name, content: await gather(part) });
    const { name } = changed;
    const content = name === 'manifest.json' ? withParts(changed.content, parts) : changed.content;
    const sha256 = createHash('sha256').update(content).digest('hex');
    parts.push({ name, bytes: content.length, sha256 });
    archive.entry({ name }, content);
  }
  archive.finalize();
  await written;
  return copy;
}

function withParts(manifest: Buffer, parts: unknown): Buffer {
  return Buffer.from(JSON.stringify({ ...(JSON.parse(manifest.toString()) as object), parts }));
}

/** All rows of all tables that a restore must bring back unchanged. */
async function content(connection: Connection): Promise<Record<string, unknown>> {
  const { rows: tables } = await connection.query<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public' and tablename not in ('mikro_orm_migrations', 'events') order by 1",
  );
  const all: Record<string, unknown> = {};
  for (const { name } of tables) {
    const { rows } = await connection.query(
      `select to_jsonb(t) as row from public.${name} t where to_jsonb(t) ->> 'key' is distinct from 'last-backup-at' order by to_jsonb(t)::text`,
    );
    all[name] = rows;
  }
  return all;
}

describe('a restored backup', () => {
  test('R25 has every row, counter, job, key and object of the saved server', async () => {
    await using source = await saved();
    await using database = await emptyDatabase();
    const place = target(database.url);
    await restoreBackup(source.file, await checkArchive(source.file), place);

    await using connection = await connect(database.url);
    expect(await content(connection)).toEqual(await content(source.connection));
    expect((await content(connection))['actors']).toHaveLength(1);
    expect(await readSequences(connection)).toEqual(
      expect.arrayContaining(await readSequences(source.connection)),
    );
    expect(photo.equals(await buffer(await place.storage.read('r/photo.jpg')))).toBe(true);
    expect(await buffer(await place.storage.read('o/original'))).toEqual(original);
    expect(Buffer.from(readFileSync(at('restored', 'server.key'), 'utf8'), 'base64')).toEqual(
      serverKey,
    );
    expect(statSync(at('restored', 'server.key')).mode & 0o777).toBe(0o600);
  });

  test('its jobs are free to be taken, and its journal keeps its order below every new transaction', async () => {
    await using source = await saved();
    await using database = await emptyDatabase();
    await loadDatabase(
      database.url,
      source.file,
      await checkArchive(source.file),
      'photos.example',
    );
    await using connection = await connect(database.url);
    const jobs = await connection.query('select locked_at from graphile_worker._private_jobs');
    expect(jobs.rows).toEqual([{ locked_at: null }, { locked_at: null }, { locked_at: null }]);
    const visible =
      'select name from events where xid < pg_snapshot_xmin(pg_current_snapshot()) order by xid, seq';
    expect((await connection.query(visible)).rows.map(({ name }) => name)).toEqual([
      'now',
      'early',
      'late',
    ]);
    await connection.query("insert into events (name, payload) values ('after', '{}')");
    // Not by what is visible: that waits for whoever writes in another database of this PostgreSQL.
    const all = 'select name from events order by xid, seq';
    expect((await connection.query(all)).rows.at(-1)).toEqual({ name: 'after' });
  });

  test('its foreign keys and triggers are those of a migrated database', async () => {
    await using source = await saved();
    await using database = await emptyDatabase();
    await loadDatabase(
      database.url,
      source.file,
      await checkArchive(source.file),
      'photos.example',
    );
    await using connection = await connect(database.url);
    const definitions =
      "select conrelid::regclass::text, conname, pg_get_constraintdef(oid) as definition, convalidated from pg_constraint where contype = 'f' order by 1, 2";
    const disabled = "select tgname from pg_trigger where not tgisinternal and tgenabled = 'D'";
    const { rows } = await connection.query(definitions);
    expect(rows).toEqual((await source.connection.query(definitions)).rows);
    expect(rows.length).toBeGreaterThan(10);
    expect((await connection.query(disabled)).rows).toEqual([]);
  });

  test('it needs no superuser, only the owner of the database', async () => {
    await using source = await saved();
    const name = `owner_${randomBytes(6).toString('hex')}`;
    await source.connection.query(`create role ${name} login`);
    await source.connection.query(`create database ${name} owner ${name}`);
    try {
      const url = new URL(source.databaseUrl);
      [url.username, url.pathname] = [name, `/${name}`];
      await loadDatabase(url.href, source.file, await checkArchive(source.file), 'photos.example');
      await using connection = await connect(url.href);
      expect(await content(connection)).toEqual(await content(source.connection));
      const again = { databaseUrl: url.href, storage: source.storage, serverKey, passphrase: null };
      await createBackup(at('again.tar'), again);
    } finally {
      await source.connection.query(`drop database ${name} with (force)`);
      await source.connection.query(`drop role ${name}`);
    }
  });

  test('it belongs to another domain if that was asked for', async () => {
    await using source = await saved();
    await using database = await emptyDatabase();
    await loadDatabase(database.url, source.file, await checkArchive(source.file), 'copy.example');
    await using connection = await connect(database.url);
    expect(
      (await connection.query("select value from server_settings where key = 'domain'")).rows,
    ).toEqual([{ value: 'copy.example' }]);
  });
});

describe('a backup', () => {
  test('lists what it holds, names missing objects, leaves unreferenced ones out, and is remembered', async () => {
    await using source = await saved();
    expect(source.manifest.media).toEqual({
      objects: 2,
      bytes: photo.length + original.length,
      missing: ['r/gone.jpg'],
    });
    expect(source.manifest.rowCounts).toMatchObject({
      'public.renditions': 2,
      'public.actors': 1,
      'public.events': 3,
      'graphile_worker._private_jobs': 3,
    });
    expect(source.manifest.parts.map(({ name }) => name)).not.toContain('media/x/unrelated');
    expect(statSync(source.file).mode & 0o777).toBe(0o600);
    expect(await readLastBackup(source.connection)).toEqual(new Date(source.header.createdAt));
  });

  test('is of one moment, whatever is written while it is being made', async () => {
    await using database = await freshDatabase();
    await using connection = await connect(database.url);
    await fill(connection);
    await using writer = await connect(database.url);
    await writer.query(
      `insert into posts (id, kind, author_id, is_local, uri, url, visibility, published_at) values ($1, 'photo', $1, true, 'u', 'u', 'PUBLIC', now())`,
      [actorId],
    );
    const done = new AbortController();
    let written = 0;
    const writing = (async () => {
      while (!done.signal.aborted) {
        await writer.query('begin');
        await writer.query(
          `insert into hashtags (id, name, display_name, created_at)
           select lpad(to_hex($1::int * 100 + n), 32, '0')::uuid, $1::int || '-' || n, 'x', now() from generate_series(1, 50) n`,
          [written],
        );
        await writer.query(
          'insert into post_hashtags (hashtag_id, post_id) select id, $1 from hashtags on conflict do nothing',
          [actorId],
        );
        await writer.query('commit');
        written += 1;
      }
    })();
    const storage = openFilesystemStorage(at('media'));
    const { manifest } = await createBackup(at('live.tar'), {
      databaseUrl: database.url,
      storage,
      serverKey,
      passphrase: null,
    });
    done.abort();
    await writing;
    expect(written).toBeGreaterThan(0);
    expect(manifest.rowCounts['public.post_hashtags']).toBe(manifest.rowCounts['public.hashtags']);
    await using empty = await emptyDatabase();
    await loadDatabase(
      empty.url,
      at('live.tar'),
      await checkArchive(at('live.tar')),
      'photos.example',
    );
  });

  test('is refused with a key that is not the one of the data, and leaves no file', async () => {
    await using database = await freshDatabase();
    await using connection = await connect(database.url);
    await fill(connection);
    const storage = openFilesystemStorage(at('media'));
    const source = {
      databaseUrl: database.url,
      storage,
      serverKey: Buffer.alloc(32, 1),
      passphrase: null,
    };
    await expect(createBackup(at('b.tar'), source)).rejects.toThrow(
      'such a backup would be worthless',
    );
    await expect(
      createBackup(path.join(directory, 'none', 'b.tar'), { ...source, serverKey }),
    ).rejects.toThrow('ENOENT');
    expect(readdirSync(directory)).toEqual([]);
    writeFileSync(at('b.tar'), 'older');
    await expect(createBackup(at('b.tar'), { ...source, serverKey })).rejects.toThrow(
      'already exists',
    );
    expect(readFileSync(at('b.tar'), 'utf8')).toBe('older');
  });
});

describe('damage', () => {
  test('any changed byte, a cut, and a stranger file are told by verify', async () => {
    await using source = await saved();
    const file = at('damaged.tar');
    const size = statSync(source.file).size;
    const clean = readFileSync(source.file);
    for (const offset of [
      clean.indexOf('ünïcode'),
      clean.indexOf(photo) + 1_000_000,
      clean.indexOf('"sealed":false') + 20,
    ]) {
      const changed = Buffer.from(clean);
      changed[offset]! ^= 1;
      writeFileSync(file, changed);
      await expect(checkArchive(file)).rejects.toThrow('is damaged');
    }
    for (const kept of [size - 4096, Math.floor(size / 2), 10]) {
      copyFileSync(source.file, file);
      truncateSync(file, kept);
      await expect(checkArchive(file)).rejects.toThrow(/incomplete|cannot be read as a backup/);
    }
    writeFileSync(file, 'hello');
    await expect(checkArchive(file)).rejects.toThrow(/incomplete|cannot be read as a backup/);
    await expect(checkArchive(at('nowhere.tar'))).rejects.toThrow('ENOENT');
  });

  test.each(['media/../../outside', 'media/UPPER', 'database/public.unknown/0', 'notes.txt'])(
    'a part named %s is told by verify, whatever the manifest says',
    async (name) => {
      await using source = await saved();
      const file = await forged(source.file, (part) =>
        part.name.endsWith('r/photo.jpg') ? { ...part, name } : part,
      );
      await expect(checkArchive(file)).rejects.toThrow(`${name} does not belong into a backup`);
    },
  );

  test('a server key that the data were not sealed under is not restored', async () => {
    await using source = await saved();
    await using database = await emptyDatabase();
    const key = Buffer.from(
      JSON.stringify({ sealed: false, key: randomBytes(32).toString('base64') }),
    );
    const file = await forged(source.file, (part) =>
      part.name === 'server-key.json' ? { ...part, content: key } : part,
    );
    const archive = await checkArchive(file);
    await expect(restoreBackup(file, archive, target(database.url))).rejects.toThrow(
      'not the one that its data need',
    );
    expect(existsSync(at('restored', 'server.key'))).toBe(false);
  });
});

describe('refusals', () => {
  test('a database that holds rows is left as it is', async () => {
    await using source = await saved();
    const before = await content(source.connection);
    const place = target(source.databaseUrl);
    await expect(
      restoreBackup(source.file, await checkArchive(source.file), place),
    ).rejects.toThrow('The database is not empty: there are rows in actors');
    expect(await content(source.connection)).toEqual(before);
    expect(readdirSync(place.dataDirectory)).toEqual([]);
  });

  test('a failed restore leaves no rows and can be repeated', async () => {
    await using source = await saved();
    await using database = await emptyDatabase();
    const archive = await checkArchive(source.file);
    const wrong = {
      ...archive,
      manifest: {
        ...archive.manifest,
        rowCounts: { ...archive.manifest.rowCounts, 'public.renditions': 3 },
      },
    };
    const place = target(database.url);
    await expect(restoreBackup(source.file, wrong, place)).rejects.toThrow(
      '2 rows arrived in public.renditions, but 3 were saved',
    );
    await restoreBackup(source.file, archive, place);
    await using connection = await connect(database.url);
    expect(await content(connection)).toEqual(await content(source.connection));
  });

  test('a backup of a newer version is refused before anything is made', async () => {
    await using source = await saved();
    await using database = await emptyDatabase();
    const archive = await checkArchive(source.file);
    const newer = {
      ...archive,
      header: { ...archive.header, migrations: [...archive.header.migrations, '9999-future'] },
    };
    await expect(loadDatabase(database.url, source.file, newer, 'photos.example')).rejects.toThrow(
      'it knows 9999-future',
    );
    await using connection = await connect(database.url);
    expect(
      (await connection.query("select from pg_tables where schemaname = 'public'")).rowCount,
    ).toBe(0);
  });

  test('a sealed server key opens with its passphrase only, and stands nowhere readable', async () => {
    await using source = await saved('correct horse battery');
    expect(readFileSync(source.file).includes(serverKey.toString('base64'))).toBe(false);
    await using database = await emptyDatabase();
    const archive = await checkArchive(source.file);
    await expect(restoreBackup(source.file, archive, target(database.url))).rejects.toThrow(
      'give the passphrase',
    );
    await expect(
      restoreBackup(source.file, archive, target(database.url, 'wrong horse battery')),
    ).rejects.toThrow('does not open');
    expect(existsSync(at('restored', 'server.key'))).toBe(false);
    await restoreBackup(source.file, archive, target(database.url, 'correct horse battery'));
    expect(Buffer.from(readFileSync(at('restored', 'server.key'), 'utf8'), 'base64')).toEqual(
      serverKey,
    );
  });

  test('another server key or another object under the same name is never overwritten', async () => {
    await using source = await saved();
    await using database = await emptyDatabase();
    const archive = await checkArchive(source.file);
    const place = target(database.url);
    const otherKey = Buffer.alloc(32, 1).toString('base64');
    await expect(
      restoreBackup(source.file, archive, { ...place, serverKey: otherKey }),
    ).rejects.toThrow('Another server key');
    mkdirSync(at('restored', 'media', 'r'), { recursive: true });
    writeFileSync(at('restored', 'media', 'r', 'photo.jpg'), 'mine');
    await expect(restoreBackup(source.file, archive, place)).rejects.toThrow(
      'holds another object under r/photo.jpg',
    );
    expect(readFileSync(at('restored', 'media', 'r', 'photo.jpg'), 'utf8')).toBe('mine');
  });
});

describe('the commands', () => {
  test('create, verify and restore work with an outside database, a passphrase file and a directory', async () => {
    await using source = await saved();
    mkdirSync(at('backups'));
    writeFileSync(at('passphrase'), 'correct horse battery\n');
    const env = {
      PUBLIC_URL: 'https://photos.example',
      TRIPTYCH_SERVER_KEY: serverKey.toString('base64'),
      DATABASE_URL: source.databaseUrl,
      DATA_DIR: directory,
    };
    const created = await triptych(
      ['backup', 'create', at('backups'), '--passphrase-file', at('passphrase')],
      env,
    );
    expect(created).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('sealed under the passphrase'),
    });
    expect(created.stdout).toContain('1 media are in the database but not in the storage');
    const [name = ''] = readdirSync(at('backups'));
    expect(name).toMatch(/^triptych-photos\.example-\d{8}T\d{6}Z\.tar$/);
    const file = at('backups', name);

    expect(await triptych(['backup', 'verify', file], env)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(
        'Its rows load into an empty database, and every foreign key holds.',
      ),
    });

    await using database = await emptyDatabase();
    const { TRIPTYCH_SERVER_KEY: _, ...other } = {
      ...env,
      DATABASE_URL: database.url,
      DATA_DIR: at('new'),
    };
    const restore = ['backup', 'restore', file, '--passphrase-file', at('passphrase')];
    expect(
      await triptych(restore, { ...other, PUBLIC_URL: 'https://other.example' }),
    ).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        'The backup is of photos.example, but PUBLIC_URL says other.example',
      ),
    });
    expect(await triptych(restore, other)).toMatchObject({ code: 0, stderr: '' });
    expect(photo.equals(readFileSync(at('new', 'media', 'r', 'photo.jpg')))).toBe(true);
    expect(await triptych(restore, other)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('The database is not empty'),
    });
  });

  test('a server that was never started has nothing to save', async () => {
    expect(
      await triptych(['backup', 'create', at('b.tar')], { DATA_DIR: at('none') }),
    ).toMatchObject({ code: 1, stderr: expect.stringContaining('There are no data in') });
  });
});
