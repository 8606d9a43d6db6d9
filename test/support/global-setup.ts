// Before the first database test: one PostgreSQL for the whole run, and the template that freshDatabase() copies.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmbeddedPostgres } from '../../src/platform/db/embedded-postgres.js';
import { migrate } from '../../src/platform/db/migrator.js';
import { administer, databaseUrl, templateDatabase } from './database.js';

declare global {
  /** Stops what global setup started; absent when the run uses a server from outside. */
  var stopTestPostgres: (() => Promise<void>) | undefined;
}

export default async function globalSetup(): Promise<void> {
  if (!process.env['TEST_DATABASE_URL']) await startServer();
  try {
    await makeTemplate();
  } catch (error) {
    // Jest calls no teardown after a failed setup.
    await globalThis.stopTestPostgres?.();
    throw error;
  }
}

/** Test workers, which start later, inherit the URL through the environment. */
async function startServer(): Promise<void> {
  const dataDirectory = mkdtempSync(path.join(tmpdir(), 'triptych-test-'));
  const postgres = await startEmbeddedPostgres({ dataDirectory, durability: 'fast' });
  process.env['TEST_DATABASE_URL'] = postgres.connectionUrl('postgres');
  globalThis.stopTestPostgres = async () => {
    await postgres[Symbol.asyncDispose]();
    rmSync(dataDirectory, { recursive: true, force: true });
  };
}

async function makeTemplate(): Promise<void> {
  await administer(`drop database if exists ${templateDatabase} with (force)`);
  await administer(`create database ${templateDatabase}`);
  await migrate(databaseUrl(templateDatabase));
}
