/** The client of an S3-compatible service: which bucket, which key, and how long to wait. */
import { S3Client } from '@aws-sdk/client-s3';
import type { StorageConfig } from '../config.js';

/** Where the bucket is, and the key to it. */
export type S3Location = Extract<StorageConfig, { kind: 's3' }>;

/** How long to wait for the service. */
export interface S3Patience {
  /** Of one request; the first counts, too. */
  readonly attempts: number;
  readonly connectMs: number;
  /** Longest silence on a connection. */
  readonly silenceMs: number;
  /** For a whole check, its attempts together. */
  readonly checkMs: number;
}

/** Long enough for a busy service, short enough for somebody who waits for an answer. */
export const PATIENCE: S3Patience = {
  attempts: 3,
  connectMs: 5_000,
  silenceMs: 30_000,
  checkMs: 15_000,
};

/** Opens the client; connects when it is used. UNSIGNED requests are those of a stranger. */
export function createS3Client(
  location: S3Location,
  patience: S3Patience,
  signing: 'SIGNED' | 'UNSIGNED' = 'SIGNED',
): S3Client {
  const { endpoint, region, forcePathStyle, accessKeyId, secretAccessKey } = location;
  // a slow viewer holds a connection, so a limit of them would let few hold up all
  const agent = { keepAlive: true, maxSockets: Infinity };
  return new S3Client({
    region,
    forcePathStyle,
    credentials: { accessKeyId, secretAccessKey },
    ...(endpoint && { endpoint: endpoint.href }),
    ignoreConfiguredEndpointUrls: true,
    ...(signing === 'UNSIGNED' && { signer: { sign: (request) => Promise.resolve(request) } }),
    maxAttempts: patience.attempts,
    retryMode: 'standard',
    // the signature covers the bytes, and many services know no other checksum
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: patience.connectMs,
      socketTimeout: patience.silenceMs,
      httpAgent: agent,
      httpsAgent: agent,
    },
  });
}
