/** Where the tus library keeps growing files: on the disk, while the database knows how long they are to become. */
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FileStore, type Configstore } from '@tus/file-store';
import { ERRORS, Upload } from '@tus/server';
import type { Services } from '../../platform/context.js';
import { isDiskFull } from '../../platform/system-error.js';
import { findUploadByDigest } from '../receive-upload.js';

/** Files below a directory, each named by the digest of its ticket in hexadecimal. */
export class TicketStore extends FileStore {
  constructor(
    services: Services,
    private readonly place: string,
  ) {
    super({ directory: place, configstore: lengthsOf(services) });
  }

  /** As the library writes, but that a full disk keeps its name: a client is to try that again later. */
  override async write(body: Readable, id: string, offset: number): Promise<number> {
    const file = createWriteStream(path.join(this.place, id), { flags: 'r+', start: offset });
    try {
      await pipeline(body, file);
    } catch (error) {
      throw isDiskFull(error) ? error : ERRORS.FILE_WRITE_ERROR;
    }
    return offset + file.bytesWritten;
  }
}

/** Tickets are made by createUpload alone, so it stores nothing. */
function lengthsOf(services: Services): Configstore {
  return {
    async get(id) {
      const upload = await findUploadByDigest(services, Buffer.from(id, 'hex'));
      return upload ? new Upload({ id, size: Number(upload.declaredBytes), offset: 0 }) : undefined;
    },
    set: () => Promise.resolve(),
    delete: () => Promise.resolve(),
  };
}
