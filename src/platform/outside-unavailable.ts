/** What a question to another server ends with when there is no answer. */
/** Statuses below 500 that say: ask again later. */
const BUSY = new Set([408, 425, 429]);

/** Why nothing came back. */
export type OutsideFailure =
  | 'FORBIDDEN_ADDRESS'
  | 'FORBIDDEN_URL'
  | 'FORBIDDEN_HOST'
  | 'REDIRECTS'
  | 'STATUS'
  | 'CONTENT_TYPE'
  | 'TOO_LARGE'
  | 'BUDGET'
  | 'TIMEOUT'
  | 'NETWORK';

/** An answer that was not had, and whether asking again later can help. */
export class OutsideUnavailable extends Error {
  constructor(
    readonly failure: OutsideFailure,
    message: string,
    options?: ErrorOptions,
    /** What the other side answered, where that is the failure. */
    readonly status: number | null = null,
  ) {
    super(message, options);
    this.name = 'OutsideUnavailable';
  }

  /** False when the same question gets the same refusal. */
  get isTemporary(): boolean {
    const { failure, status } = this;
    if (failure === 'STATUS') return status !== null && (status >= 500 || BUSY.has(status));
    return failure === 'TIMEOUT' || failure === 'NETWORK';
  }
}
