/** What can go wrong between a client and its server. */

/** Why a mutation did nothing: something that the person, or the program, can mend. */
export interface Refusal {
  /** Stable code to match on. */
  readonly code: string;
  /** For people, in the language of the client. */
  readonly message: string;
  /** Where in the input; null = nowhere in particular. */
  readonly path: readonly string[] | null;
  /** Of RATE_LIMITED: seconds after which another attempt makes sense. */
  readonly retryAfterSeconds?: number;
  /** Of HUB_UNREACHABLE: the host that does not answer. */
  readonly hub?: string;
}

/** A mutation that did nothing. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly refusals: readonly Refusal[];

  constructor(refusals: readonly Refusal[]) {
    super(refusals.map(({ code, message }) => `${code}: ${message}`).join('\n'));
    this.refusals = refusals;
  }

  /** Whether one of the reasons is this one. */
  has(code: string): boolean {
    return this.refusals.some((refusal) => refusal.code === code);
  }

  /** Seconds after which another attempt makes sense; null = it makes none. */
  get retryAfterSeconds(): number | null {
    const [first] = this.refusals.flatMap(({ retryAfterSeconds }) => retryAfterSeconds ?? []);
    return first ?? null;
  }
}

/** An operation that the server did not carry out at all. */
export class ApiError extends Error {
  override readonly name: string = 'ApiError';
  /** Of `extensions`, for example `UNAUTHENTICATED`; null when there is none. */
  readonly code: string | null;
  /** By which the operators find it in their logs; null when unknown. */
  readonly requestId: string | null;

  constructor(
    message: string,
    code: string | null = null,
    requestId: string | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
    this.requestId = requestId;
  }
}

/** The person has sent this device away: it gets nothing more, and another one has to be taken into use. What it has stays. */
export class DeviceRevokedError extends ApiError {
  override readonly name = 'DeviceRevokedError';

  constructor(options?: ErrorOptions) {
    super('The device was revoked.', 'NOT_FOUND', null, options);
  }
}

/** The server could not be reached, is starting or too busy, or answered no GraphQL. Asking again may help, and for writes with the same key. */
export class NetworkError extends Error {
  override readonly name: string = 'NetworkError';
}

/** Another server orders the conversation, and does not answer the own one. What was sent stays here and is sent again. */
export class HubUnreachableError extends NetworkError {
  override readonly name = 'HubUnreachableError';
  /** Host of that server; null when it is not known. */
  readonly hub: string | null;

  constructor(message: string, hub: string | null) {
    super(message);
    this.hub = hub;
  }
}

/** The account, or without one the address, has used up what it may ask for within the hour: nothing was done. */
export class RateLimitedError extends NetworkError {
  override readonly name = 'RateLimitedError';
  /** Seconds after which another attempt makes sense; null = the server names none. */
  readonly retryAfterSeconds: number | null;

  constructor(message: string, retryAfterSeconds: number | null) {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

const HUB_UNREACHABLE = 'HUB_UNREACHABLE';
const RATE_LIMITED = 'RATE_LIMITED';
/** The server is starting, too busy, or about to stop: nothing was done. */
const SERVICE_UNAVAILABLE = 'SERVICE_UNAVAILABLE';

/**
 * The payload, unless it names reasons why nothing was done.
 * @throws {RefusedError} @throws {HubUnreachableError} when it is not known whether it was done
 */
export function requireDone<Payload extends { readonly userErrors: readonly Refusal[] }>(
  payload: Payload,
): Payload {
  const silent = payload.userErrors.find(({ code }) => code === HUB_UNREACHABLE);
  if (silent) throw new HubUnreachableError(silent.message, silent.hub ?? null);
  if (payload.userErrors.length > 0) throw new RefusedError(payload.userErrors);
  return payload;
}

/** Does what another server has to answer; it is done later when that one does not. */
export async function unlessHubIsSilent(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (fault) {
    if (!(fault instanceof HubUnreachableError)) throw fault;
  }
}

/** An error in the shape that GraphQL gives it. */
export interface GraphQLFault {
  readonly message: string;
  readonly extensions?: {
    readonly code?: unknown;
    readonly requestId?: unknown;
    readonly retryAfter?: unknown;
  };
}

/** The first fault as an error. */
export function apiErrorOf([fault]: readonly GraphQLFault[]): ApiError | NetworkError {
  const { code, requestId, retryAfter } = fault?.extensions ?? {};
  if (fault && code === HUB_UNREACHABLE) return new HubUnreachableError(fault.message, null);
  if (fault && code === SERVICE_UNAVAILABLE) return new NetworkError(fault.message);
  if (fault && code === RATE_LIMITED)
    return new RateLimitedError(fault.message, typeof retryAfter === 'number' ? retryAfter : null);
  return new ApiError(
    fault?.message ?? 'The server gave no reason.',
    typeof code === 'string' ? code : null,
    typeof requestId === 'string' ? requestId : null,
  );
}
