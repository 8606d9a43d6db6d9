/** From what a client of S3 throws to what an administrator can act on. */
import { objectMissing, StorageError } from './storage-error.js';
import type { S3Location } from './s3-client.js';

/** What the client's errors have in common; a connection that failed has no status. */
interface Failure {
  readonly name: string;
  readonly code?: unknown;
  readonly message: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/**
 * Explains an error of the client. `key` is the object it was about; null: none. What has nothing to do with the
 * service, such as an error of the local disk, is given back as it is.
 */
export function explainS3Error(error: unknown, location: S3Location, key: string | null): unknown {
  if (error instanceof StorageError || !(error instanceof Error) || 'path' in error) return error;
  const failure = error as Failure;
  const options = { cause: error };
  const status = failure.$metadata?.httpStatusCode;
  const where = `${hostOf(location)} (${wordOf(failure, status)})`;
  if (status === undefined) {
    return typeof failure.code === 'string' || /^(?:Timeout|Abort)Error$/.test(failure.name)
      ? new StorageError('UNREACHABLE', unreachable(where, failure, location), options)
      : error;
  }
  if (status >= 500 || status === 429 || failure.name === 'SlowDown')
    return new StorageError(
      'UNREACHABLE',
      `The media storage at ${where} is out of order.`,
      options,
    );
  if (failure.name === 'NoSuchBucket')
    return new StorageError('BUCKET_MISSING', bucketMissing(where, location), options);
  if (status === 401 || status === 403)
    return new StorageError('ACCESS_DENIED', accessDenied(where, location), options);
  if (status === 404 && key !== null) return objectMissing(key, options);
  return new StorageError('REFUSED', refused(where, failure), options);
}

function hostOf({ endpoint, region }: S3Location): string {
  return endpoint?.host ?? `s3.${region}.amazonaws.com`;
}

function wordOf({ name, code }: Failure, status: number | undefined): string {
  if (status === undefined) return typeof code === 'string' ? code : name;
  return /^(?:\d+|Error|Unknown\w*)$/.test(name) ? `HTTP ${status}` : name;
}

function bucketMissing(where: string, { bucket }: S3Location): string {
  return `There is no bucket ${bucket} at ${where}. Make it, or correct S3_BUCKET and S3_REGION.`;
}

function accessDenied(where: string, { bucket }: S3Location): string {
  return `Access to the bucket ${bucket} is denied at ${where}. Check S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY, what this key may do, and the clock of this machine.`;
}

function unreachable(where: string, { code }: Failure, location: S3Location): string {
  const isHostOfBucket = code === 'ENOTFOUND' && location.endpoint && !location.forcePathStyle;
  const hint = isHostOfBucket
    ? ' Most services other than Amazon need S3_FORCE_PATH_STYLE=true.'
    : '';
  return `The media storage does not answer at ${where}. Check S3_ENDPOINT.${hint}`;
}

function refused(where: string, { message }: Failure): string {
  return `The media storage at ${where} refuses: ${message || 'without a reason'}. Check S3_ENDPOINT, S3_REGION and S3_FORCE_PATH_STYLE.`;
}
