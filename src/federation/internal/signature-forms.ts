/**
 * In which form each host is sent signatures. Everybody reads the older one, and some answer 202 before they find that
 * they cannot read the newer: it is sent only to who has shown that they do, and not again soon to who refused it.
 */
import { addSeconds } from '../../platform/clock.js';
import type { Services } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { signedHeaders, type RequestToSign, type SigningIdentity } from './http-signature.js';
import { messageSignatureHeaders } from './message-signature.js';

/** DRAFT = draft-cavage-http-signatures, MESSAGE = RFC 9421. */
export type SignatureForm = 'DRAFT' | 'MESSAGE';

type FormServices = Pick<Services, 'database' | 'clock'>;

const REFUSED_SECONDS = 7 * 24 * 60 * 60;
/** With these a server may say that it cannot read a signature. */
const REFUSALS = new Set([400, 401, 403]);

const SHOWN = statement(
  'message_signature_hosts.shown',
  'insert into message_signature_hosts (host, shown_at) values ($1, $2) on conflict (host) do nothing',
);
const REFUSED = statement(
  'message_signature_hosts.refused',
  'update message_signature_hosts set refused_at = $2 where host = $1',
);
const FIND = statement(
  'message_signature_hosts.find',
  'select from message_signature_hosts where host = $1 and (refused_at is null or refused_at < $2)',
);

/** Keeps that a host signs as RFC 9421 says, or asks for it. */
export async function keepSigningAnew(
  { database, clock }: FormServices,
  host: string,
): Promise<void> {
  await database.transaction((tx) => tx.rows(SHOWN, [host, clock.now()]));
}

/** Keeps that a host refused it nevertheless. */
export async function keepRefusal({ database, clock }: FormServices, host: string): Promise<void> {
  await database.transaction((tx) => tx.rows(REFUSED, [host, clock.now()]));
}

/** The form for a host. */
export async function formFor(
  { database, clock }: FormServices,
  host: string,
): Promise<SignatureForm> {
  const since = addSeconds(clock.now(), -REFUSED_SECONDS);
  return (await database.row(FIND, [host, since])) ? 'MESSAGE' : 'DRAFT';
}

/** Headers of a request that is signed in a form. */
export function headersIn(
  form: SignatureForm,
  request: RequestToSign,
  identity: SigningIdentity,
  now: Date,
): Record<string, string> {
  const sign = form === 'MESSAGE' ? messageSignatureHeaders : signedHeaders;
  return sign(request, identity, now);
}

/** Whether an answer may mean that the signature was not understood. */
export function mayBeMisunderstood(status: number | null): boolean {
  return status !== null && REFUSALS.has(status);
}
