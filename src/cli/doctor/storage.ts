// Check of the media storage: an object is written, read and removed again.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';

import { openStorage } from '../../app/open-storage.js';
import type { Config } from '../../platform/config.js';
import { messageOf } from './finding.js';
import type { Finding } from './finding.js';

/** Writes, reads and removes one small object under a key that nothing else uses; nothing before the first start. */
export async function checkStorage(config: Config): Promise<Finding[]> {
  if (config.storage.kind === 'filesystem' && !existsSync(config.dataDirectory)) return [];
  return [await tryStorage(config)];
}

async function tryStorage(config: Config): Promise<Finding> {
  const check = 'media-storage';
  const where =
    config.storage.kind === 's3' ? `bucket ${config.storage.bucket}` : config.storage.directory;
  const storage = await openStorage(config);
  const content = randomBytes(64);
  const key = `probe-${content.toString('hex', 0, 12)}`;
  const directory = await mkdtemp(path.join(tmpdir(), 'triptych-doctor-'));
  try {
    await storage.check();
    const source = path.join(directory, 'probe');
    await writeFile(source, content);
    await storage.putFile(key, source, 'application/octet-stream');
    const stored = await buffer(await storage.read(key));
    const isPublic = await isPublicObject(config, key);
    await storage.remove(key);
    if (!stored.equals(content))
      return { check, state: 'failed', detail: `${where} gives back other bytes than were stored` };
    if ((await storage.stat(key)) !== null)
      return { check, state: 'failed', detail: `${where} does not remove objects` };
    if (isPublic)
      return {
        check,
        state: 'failed',
        detail: `${where} is public: anybody may read private photographs in it. Take its public access away`,
      };
    return { check, state: 'ok', detail: `${where} takes, returns and removes objects` };
  } catch (error) {
    return { check, state: 'failed', detail: `${where}: ${messageOf(error)}` };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function isPublicObject({ storage }: Config, key: string): Promise<boolean> {
  if (storage.kind !== 's3') return false;
  const { isPublicInS3 } = await import('../../platform/storage/s3-privacy.js');
  return isPublicInS3(storage, key);
}
