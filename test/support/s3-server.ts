// A real S3 server for a test file: Ceph, as tools/s3-server.sh has fetched it, with files and a port of its own.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { describe } from '@jest/globals';
import type { S3Location } from '../../src/platform/storage/s3-client.js';
import { freePort } from './free-port.js';

const SCRIPT = path.resolve('tools/s3-server.sh');

/** Whether the server is there, or has to be: then its absence fails the tests. */
const isWanted =
  process.env['TRIPTYCH_TEST_S3'] === 'required' ||
  spawnSync(SCRIPT, ['is-installed']).status === 0;

/** `describe` where an S3 server is at hand; elsewhere its tests are skipped, and the summary says so. */
export function describeWithS3(what: string, body: () => void): void {
  // Asked for anew: suites of a process share this module, and each has its own.
  (isWanted ? describe : describe.skip)(what, body);
}

/** Whether `describeWithS3` runs its tests. */
export const isS3Tested = isWanted;

/** A running server. */
export interface S3Server extends AsyncDisposable {
  /** A new, empty bucket, and the key of its owner. */
  bucket(): Promise<S3Location>;
  /** The same bucket with the key of somebody else, who exists. */
  asStranger(location: S3Location): S3Location;
}

const OWNER = { accessKeyId: 'owner', secretAccessKey: 'secret-of-the-owner' };
const STRANGER = { accessKeyId: 'stranger', secretAccessKey: 'secret-of-the-stranger' };

/** Starts a server; takes about five seconds. */
export async function startS3Server(): Promise<S3Server> {
  const directory = await mkdtemp(path.join(tmpdir(), 'triptych-s3-'));
  const port = await freePort();
  const keys = [OWNER, STRANGER].map((key) => `${key.accessKeyId}:${key.secretAccessKey}`);
  const server = spawnScript('serve', directory, String(port), ...keys);
  await untilItAnswers(server, port);
  return {
    bucket: async () => makeBucket(new URL(`http://127.0.0.1:${port}`)),
    asStranger: (location) => ({ ...location, ...STRANGER }),
    [Symbol.asyncDispose]: async () => {
      server.child.kill('SIGKILL');
      await server.exited;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The client of a test that looks past our code. */
export function rawClient(location: S3Location): S3Client {
  const { accessKeyId, secretAccessKey, region } = location;
  return new S3Client({
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    ...(location.endpoint && { endpoint: location.endpoint.href }),
  });
}

/** Configuration variables for a server that keeps its media there. */
export function s3Environment(location: S3Location): Record<string, string> {
  return {
    STORAGE: 's3',
    S3_ENDPOINT: location.endpoint?.href ?? '',
    S3_REGION: location.region,
    S3_BUCKET: location.bucket,
    S3_ACCESS_KEY_ID: location.accessKeyId,
    S3_SECRET_ACCESS_KEY: location.secretAccessKey,
    S3_FORCE_PATH_STYLE: 'true',
  };
}

/** More of them, for one that kept its media there before. */
export function previousEnvironment(location: S3Location): Record<string, string> {
  const { STORAGE, ...place } = s3Environment(location);
  const renamed = Object.entries(place).map(([name, value]) => [
    name.replace('S3_', 'S3_PREVIOUS_'),
    value,
  ]);
  return { STORAGE_PREVIOUS: STORAGE ?? '', ...Object.fromEntries(renamed) };
}

async function makeBucket(endpoint: URL): Promise<S3Location> {
  const bucket = `photos-${randomBytes(6).toString('hex')}`;
  const location = {
    kind: 's3',
    endpoint,
    region: 'us-east-1',
    bucket,
    forcePathStyle: true,
    ...OWNER,
  } as const;
  await rawClient(location).send(new CreateBucketCommand({ Bucket: bucket }));
  return location;
}

interface Script {
  readonly child: ChildProcess;
  readonly exited: Promise<unknown>;
  readonly printed: () => string;
}

function spawnScript(...args: string[]): Script {
  const child = spawn(SCRIPT, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => (printed += part.toString()));
  return { child, exited: once(child, 'close'), printed: () => printed };
}

async function untilItAnswers({ child, printed }: Script, port: number): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`The S3 server stopped: ${printed()}`);
    try {
      await fetch(`http://127.0.0.1:${port}/`);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
