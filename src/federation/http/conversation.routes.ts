/** Encrypted conversations that this server orders, for the servers of those who take part. */
import express, { Router, type Request, type Response } from 'express';
import type { ConversationId } from '../../chat/conversation.js';
import { frankingKeyOf } from '../../chat/franking.js';
import { EpochTooOld, MlsMismatch, StaleEpoch, WelcomeRefused } from '../../chat/mls.errors.js';
import type { Services } from '../../platform/context.js';
import type { Reader } from '../../platform/db/database.js';
import { DomainError, RateLimited, type ErrorCode } from '../../platform/errors.js';
import { isUuid } from '../../platform/ids.js';
import { conversationDocument, messagesPage } from '../documents/conversation-document.js';
import { CONVERSATION_LIMITS, readDocument } from '../internal/read-document.js';
import { deviceKeyOf, readSubmission, type Submission } from '../internal/read-submission.js';
import { BadSignature } from '../internal/http-signature.js';
import { RefusedServer } from '../internal/refused-server.js';
import type { SenderMemory } from '../internal/sender-memory.js';
import { verifySender } from '../internal/verify-sender.js';
import { actAs } from '../receive/receiving.js';
import { carryOutSubmission, requireMember } from '../receive/submissions.js';
import { hostOf, type RemoteActor } from '../resolve-actor.js';
import {
  findSharedConversationFor,
  findSharedEnvelopes,
  findSharedHeadFor,
  findToldMembers,
  PAGE_PLACES,
  type SharedHead,
} from '../shared-conversation.queries.js';
import { refuse, sendDocument } from './answers.js';
import type { FetchGate } from './fetch-gate.js';
import { refuseSender } from './sender-refusals.js';

const TYPES = ['application/json', 'application/activity+json', 'application/ld+json'];
const PRIVATE = 'private, no-store';
const PLACE = /^\d{1,9}$/;

/** Done twice, these would do something else than once: the same request is not taken again. */
const ONCE: ReadonlySet<Submission['kind']> = new Set(['signal', 'leave', 'reset', 'disappearing']);

/** What stays here, of which a server may send so much in a day, wherever it sends it. */
const KEPT: ReadonlySet<Submission['kind']> = new Set(['message', 'commit']);

const STATUSES: Readonly<Partial<Record<ErrorCode, number>>> = {
  NOT_FOUND: 404,
  FORBIDDEN: 403,
  BLOCKED: 403,
  RATE_LIMITED: 429,
  STALE_EPOCH: 409,
  EPOCH_TOO_OLD: 409,
  MLS_MISMATCH: 409,
  ALREADY_EXISTS: 409,
  CONFLICT: 409,
  IDEMPOTENCY_KEY_REUSED: 409,
};
const UNPROCESSABLE = 422;

/** Routes of conversations; to be mounted at the root. */
export function conversationRoutes(
  services: Services,
  gate: FetchGate,
  memory: SenderMemory,
): Router {
  const router = Router();
  const body = express.raw({ type: TYPES, limit: CONVERSATION_LIMITS.bytes, inflate: false });
  router.get('/conversations/:id', async (request, response) => {
    const seen = await find(services, gate, { request, response }, findSharedConversationFor);
    if (!seen) return;
    const key = await frankingKeyOf(services.sealer);
    sendDocument(response, conversationDocument(services.config, seen.found, key), 'PRIVATE');
  });
  router.get('/conversations/:id/messages', async (request, response) => {
    const seen = await find(services, gate, { request, response }, findSharedHeadFor);
    if (seen) await sendPage(services, request, response, seen);
  });
  router.post('/conversations/:id/submit', body, (request, response) =>
    submit(services, memory, request, response),
  );
  return router;
}

interface SeenBy<Found> {
  readonly host: string;
  readonly found: Found;
}

/** To all but the servers of those who take part there is no conversation. */
async function find<Found>(
  { database }: Services,
  gate: FetchGate,
  { request, response }: { readonly request: Request; readonly response: Response },
  findFor: (reader: Reader, id: ConversationId, host: string) => Promise<Found | null>,
): Promise<SeenBy<Found> | null> {
  const id = String(request.params['id']);
  const seen = await gate.admitToSeen(request, response, async (viewerId) => {
    const host = viewerId !== null && isUuid(id) ? await hostOf(database, viewerId) : null;
    if (host === null) return null;
    const found = await findFor(database, id as ConversationId, host);
    return found && { host, found };
  });
  return seen && seen.found;
}

async function sendPage(
  { database, config, clock }: Services,
  { query }: Request,
  response: Response,
  { host, found }: SeenBy<SharedHead>,
): Promise<void> {
  const after =
    typeof query['after'] === 'string' && PLACE.test(query['after']) ? query['after'] : 0;
  const from = { conversationId: found.id, host, after: Number(after), places: PAGE_PLACES };
  const { lastSequence } = found;
  const page = await findSharedEnvelopes(database, { ...from, lastSequence, now: clock.now() });
  const members = await findToldMembers(database, found.id, page.envelopes);
  const parts = { ...page, after: from.after };
  sendDocument(response, messagesPage(config, { ...found, members }, parts), 'PRIVATE');
}

async function submit(
  services: Services,
  memory: SenderMemory,
  request: Request,
  response: Response,
): Promise<void> {
  const body: unknown = request.body;
  if (!Buffer.isBuffer(body)) {
    const message = 'Send application/json.';
    refuse(services, response, 415, { code: 'UNSUPPORTED_MEDIA', message });
    return;
  }
  try {
    memory.countAddress(request.ip ?? '');
    const { method, originalUrl: target, headers } = request;
    const sender = await verifySender(services, memory, { method, target, headers, body });
    if (sender.isBarred) throw new RefusedServer();
    memory.countHost(sender.host);
    if (sender.status === 'SUSPENDED' || sender.status === 'DELETED') throw new RefusedServer();
    const said = await carryOut(services, memory, { request, response, sender, body });
    response.set('Cache-Control', PRIVATE).json(said);
  } catch (error) {
    if (error instanceof DomainError) refuseSubmission(response, error);
    else refuseSender(services, response, error);
  }
}

async function carryOut(
  services: Services,
  memory: SenderMemory,
  sent: {
    readonly request: Request;
    readonly response: Response;
    readonly sender: RemoteActor;
    readonly body: Buffer;
  },
): Promise<object> {
  const { request, response, sender, body } = sent;
  const conversationId = await requireMember(services, sender, String(request.params['id']));
  const said = readDocument(body, CONVERSATION_LIMITS);
  const submission = readSubmission(said);
  if (KEPT.has(submission.kind)) memory.countKept(sender.host, body.byteLength);
  const signature = String(request.headers['signature']);
  if (ONCE.has(submission.kind) && !memory.useNonce(sender.keyId, `submit ${signature}`))
    throw new BadSignature('This request was sent before.');
  const jobId = String(response.locals['requestId']);
  const command = { ...actAs({ ...services, jobId }, sender.actorId), jobId, attempt: 1 };
  const deviceKey = deviceKeyOf(said);
  return carryOutSubmission({ command, sender, conversationId, deviceKey }, submission);
}

/** With what the device needs to put itself right. */
function refuseSubmission(response: Response, error: DomainError): void {
  const { code, message, inputPath: path } = error;
  const retryAfter = error instanceof RateLimited ? error.retryAfterSeconds : undefined;
  if (retryAfter !== undefined) response.set('Retry-After', String(retryAfter));
  const isOfEpoch =
    error instanceof StaleEpoch || error instanceof EpochTooOld || error instanceof MlsMismatch;
  response
    .status(STATUSES[code] ?? UNPROCESSABLE)
    .set('Cache-Control', PRIVATE)
    .json({
      code,
      message,
      path,
      retryAfter,
      ...(isOfEpoch && { currentEpoch: error.currentEpoch }),
      ...(error instanceof WelcomeRefused && {
        refs: error.refs.map((ref) => ref.toString('base64')),
      }),
    });
}
