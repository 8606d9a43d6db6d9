/** What is wrong with a storage, in words for the administrator. */

/**
 * OBJECT_MISSING: nothing is stored under the key. BUCKET_MISSING, ACCESS_DENIED and REFUSED: somebody has to change
 * something. UNREACHABLE: may pass by itself.
 */
export type StorageProblem =
  | 'OBJECT_MISSING'
  | 'BUCKET_MISSING'
  | 'ACCESS_DENIED'
  | 'REFUSED'
  | 'UNREACHABLE';

/** A storage can't do what it was asked for. `message` is for the administrator, not for clients. */
export class StorageError extends Error {
  constructor(
    readonly problem: StorageProblem,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'StorageError';
  }
}

/** Whether a later try may succeed without anybody doing anything. */
export function isStorageOutage(error: unknown): boolean {
  return error instanceof StorageError && error.problem === 'UNREACHABLE';
}

/** The error of an object that is not there. */
export function objectMissing(key: string, options?: ErrorOptions): StorageError {
  return new StorageError(
    'OBJECT_MISSING',
    `There is no object ${key} in the media storage.`,
    options,
  );
}
