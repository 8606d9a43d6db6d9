// Databases for tests: each one a copy of the migrated template on the server of this run.
import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** The migrated, empty database that every test copies; nobody may be connected to it. */
export const templateDatabase = 'triptych_template';

/**
 * A fresh copy of the migrated template database, dropped on dispose (open connections are cut).
 *
 * Takes about 50 ms.
 */
export function freshDatabase(): Promise<TestDatabase> {
  return makeDatabase(`template ${templateDatabase}`);
}

/** A database without anything, for programs that are not ours; dropped on dispose. */
export function emptyDatabase(): Promise<TestDatabase> {
  return makeDatabase('');
}

type TestDatabase = { readonly url: string } & AsyncDisposable;

async function makeDatabase(like: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await administer(`create database ${name} ${like}`);
  return {
    url: databaseUrl(name),
    [Symbol.asyncDispose]: () => administer(`drop database if exists ${name} with (force)`),
  };
}

/** URL of another database on the server of this test run. */
export function databaseUrl(name: string): string {
  const server = process.env['TEST_DATABASE_URL'];
  if (!server) throw new Error('No test database: jest global setup has not run');
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** Runs one statement that concerns whole databases on the server of this run. */
export async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl('postgres') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
