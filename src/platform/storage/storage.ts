/**
 * Where media bytes live. Keys are made by the server (random, slash-separated, [a-z0-9._/-]) and
 * never by a client; an object is written once and never changed.
 */
import type { Readable, Writable } from 'node:stream';

/** What is known of a stored object. */
export interface StoredObject {
  readonly sizeBytes: number;
}

/** A byte range, both ends inclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** An object on this machine; disposing it closes it. */
export interface LocalFile extends AsyncDisposable {
  /** Writes a range to a stream, which is not ended. Rejects when its reader leaves. */
  send(range: ByteRange, target: Writable): Promise<void>;
}

/** An object store: the file system by default, S3-compatible by configuration. */
export interface Storage {
  /** Whether objects can be kept here at all. @throws {StorageError} naming what is wrong, within seconds */
  check(): Promise<void>;
  /** Stores a finished local file under `key`; the file is consumed (moved or uploaded). Atomic: a reader sees all or nothing. */
  putFile(key: string, path: string, mimeType: string): Promise<void>;
  /** Size of an object; null when there is none. */
  stat(key: string): Promise<StoredObject | null>;
  /** Streams an object or a range of it. @throws {StorageError} OBJECT_MISSING */
  read(key: string, range?: ByteRange): Promise<Readable>;
  /** Opens an object to be sent, which costs less than reading it; null when it is not on this machine. */
  localFile(key: string): Promise<LocalFile | null>;
  /** Brings an object to a local file, for tools that need one; the caller removes it. @throws {StorageError} OBJECT_MISSING */
  fetchToFile(key: string, path: string): Promise<void>;
  /** Removes an object; succeeds when there is none. */
  remove(key: string): Promise<void>;
  /** Every key, or those stored before an instant: for backup, self-checks and the sweeper. */
  list(before?: Date): AsyncIterable<string>;
  /** Removes what writers that died before an instant had stored of an object that never came to be. */
  removeUnfinished(before: Date): Promise<void>;
}
