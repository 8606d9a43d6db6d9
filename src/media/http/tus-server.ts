/** The tus library on our tickets: the database knows the uploads, the disk only their growing files. */
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync } from 'node:fs';
import { stat, truncate } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { EVENTS, Server } from '@tus/server';
import type { Config } from '../../platform/config.js';
import type { Services } from '../../platform/context.js';
import { DatabaseBusy } from '../../platform/db/database-busy.js';
import { errorBody, type RequestErrorCode } from '../../platform/request-errors.js';
import { tellProgress } from '../internal/tell-progress.js';
import { resumableDirectory, resumableFile } from '../internal/upload-directory.js';
import { findUpload, receiveUpload, type OpenUpload } from '../receive-upload.js';
import { digestTicket } from '../ticket.js';
import { createTicketLocker } from './ticket-locker.js';
import { TicketStore } from './ticket-store.js';
import { asRefusal, requireTicket, UploadRefused } from './upload-refused.js';

/** What the routes need of the library. */
export interface TusServer {
  /** Answers HEAD and PATCH of an upload whose file exists. */
  handle(upload: OpenUpload, request: IncomingMessage, response: ServerResponse): Promise<void>;
  /**
   * Verifies the complete file and hands it on; calls at the same time are one.
   *
   * @throws {UploadRefused} 460 when the checksum differs: the upload starts again at offset 0; 409 when it was used
   */
  finish(token: string, upload: OpenUpload): Promise<void>;
  /** Resolves when no finish of this ticket is under way, however it ended. */
  finishing(token: string): Promise<void>;
}

const PROGRESS_INTERVAL_MS = 500;
/** How long a request that another one displaces may still take, in ms. */
const DRAIN_MS = 500;

/** Opens the library on DATA_DIR/uploads/tus. */
export function createTusServer(services: Services): TusServer {
  const directory = resumableDirectory(services.config);
  // the store makes it too, but later, and for everybody to read
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const finisher = createFinisher(services);
  const tellers = createTellers(services);
  const tus = new TicketServer(services.config, {
    path: '/uploads/tus',
    datastore: new TicketStore(services, directory),
    locker: createTicketLocker(),
    lockDrainTimeout: DRAIN_MS,
    postReceiveInterval: PROGRESS_INTERVAL_MS,
    getFileIdFromRequest: (_request, token) => token && fileId(digestTicket(token)),
    onUploadFinish: async (request) => {
      const token = new URL(request.url).pathname.split('/').at(-1) ?? '';
      await finisher.finish(token, requireTicket(await findUpload(services, token), 'TUS'));
      return {};
    },
    onResponseError: (_request, error) => presentError(services, error),
  });
  tus.on(EVENTS.POST_RECEIVE, (_request, { id, offset, size = 0 }) =>
    tellers.find(id)?.((offset / size) * 100),
  );
  const handle: TusServer['handle'] = async (upload, request, response) => {
    const tell = tellers.of(upload);
    await tus.handle(request, response);
    // A part may come faster than the library tells of it.
    const offset = Number(response.getHeader('upload-offset') ?? 0);
    if (request.method === 'PATCH') tell((offset / Number(upload.declaredBytes)) * 100);
  };
  return { handle, ...finisher };
}

type Tell = (percent: number) => void;

/** Uploads of which progress is told now; of more, those that began first begin anew to count the time between notices. */
const MOST_TELLERS = 1000;

/** Who tells the progress of an upload: one over all of its parts, as each may be shorter than the time between notices. */
function createTellers(services: Services): {
  find: (id: string) => Tell | undefined;
  of: (upload: OpenUpload) => Tell;
} {
  const tellers = new Map<string, Tell>();
  return {
    find: (id) => tellers.get(id),
    of: ({ digest, mediaId }) => {
      const id = fileId(digest);
      const tell = tellers.get(id) ?? tellProgress(services, mediaId, 'UPLOAD');
      tellers.delete(id);
      tellers.set(id, tell);
      const [oldest] = tellers.keys();
      if (tellers.size > MOST_TELLERS && oldest !== undefined) tellers.delete(oldest);
      return tell;
    },
  };
}

/** The library, with whatever it refuses in the shape of all routes. */
class TicketServer extends Server {
  constructor(
    private readonly config: Config,
    options: ConstructorParameters<typeof Server>[0],
  ) {
    super(options);
  }

  override write(
    ...[context, headers, status, text]: Parameters<Server['write']>
  ): ReturnType<Server['write']> {
    if (status < 400) return super.write(context, headers, status, text);
    const message = text?.trim() || 'This is not how tus 1.0.0 works.';
    headers.set('Content-Type', 'application/json; charset=utf-8');
    const refusal = { code: STATUS_CODES[status] ?? 'BAD_REQUEST', message };
    const body = JSON.stringify(errorBody(this.config, refusal));
    return super.write(context, headers, status, body);
  }
}

/** Codes of what the library and we refuse by status alone. */
const STATUS_CODES: Readonly<Record<number, RequestErrorCode>> = {
  404: 'NOT_FOUND',
  409: 'CONFLICT',
  410: 'EXPIRED',
  413: 'TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA',
  423: 'CONFLICT',
  460: 'CHECKSUM_MISMATCH',
  500: 'INTERNAL_SERVER_ERROR',
  503: 'SERVICE_UNAVAILABLE',
};

function fileId(digest: Buffer): string {
  return digest.toString('hex');
}

function createFinisher(services: Services): Pick<TusServer, 'finish' | 'finishing'> {
  const running = new Map<string, Promise<void>>();
  return {
    finish: (token, upload) => {
      const work =
        running.get(token) ?? finish(services, token, upload).finally(() => running.delete(token));
      running.set(token, work);
      return work;
    },
    finishing: async (token) => {
      await running.get(token)?.catch(() => undefined);
    },
  };
}

async function finish(services: Services, token: string, upload: OpenUpload): Promise<void> {
  const file = resumableFile(services.config, upload.digest);
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const sha256 = hash.digest();
  if (upload.declaredSha256 && !upload.declaredSha256.equals(sha256)) {
    await truncate(file, 0);
    throw new UploadRefused(
      460,
      'CHECKSUM_MISMATCH',
      'The bytes differ from the declared SHA-256. Send the file again from offset 0.',
    );
  }
  try {
    const { size: sizeBytes } = await stat(file);
    await receiveUpload(services, token, upload, { path: file, sizeBytes, sha256 });
  } catch (error) {
    throw asRefusal(error, services.log);
  }
}

/** The library shows the message of any error: only refusals, ours and its own, may be seen. */
function presentError(
  services: Services,
  error: Error | { status_code: number; body: string },
): { status_code: number; body: string } {
  if (error instanceof UploadRefused) return { status_code: error.status, body: error.message };
  if ('status_code' in error && error.status_code < 500) return error;
  if (error instanceof DatabaseBusy) return { status_code: 503, body: error.message };
  const refusal = asRefusal(error, services.log);
  if (refusal instanceof UploadRefused)
    return { status_code: refusal.status, body: refusal.message };
  services.log.error({ err: error }, 'a resumable upload failed');
  return { status_code: 500, body: 'Something went wrong on this server.' };
}
