// How a worker says that the picture is to blame.
import type { RejectionReason } from '../image-rejected.js';

/** Ends the job; `detail` goes to the log only. */
export class Rejection extends Error {
  readonly reason: RejectionReason;

  constructor(reason: RejectionReason, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/** Runs a step that reads hostile bytes: if it fails, then because of them, unless the system says otherwise. */
export async function blamePicture<T>(step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (error) {
    if (error instanceof Rejection || isSystemError(error)) throw error;
    throw classify(error instanceof Error ? error.message : String(error));
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

/** The words of sharp and libvips are the only way to tell one failure from another. */
function classify(detail: string): Rejection {
  if (/exceeds pixel limit/i.test(detail)) return new Rejection('TOO_MANY_PIXELS', detail);
  if (/out of memory|cannot allocate|failed to allocate/i.test(detail)) {
    return new Rejection('DECODER_CRASHED', detail);
  }
  return new Rejection('DAMAGED', detail);
}
