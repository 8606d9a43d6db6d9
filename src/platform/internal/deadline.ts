/** The end of one request, for who makes many of them: a signal that aborts costs as much as signing does. */
import type { ClientRequest } from 'node:http';

/** Ends a request when its time is over. */
export class Deadline {
  /** As a signal has it. */
  aborted = false;
  private request: ClientRequest | null = null;
  private readonly timer: NodeJS.Timeout;

  constructor(ms: number) {
    this.timer = setTimeout(() => {
      this.aborted = true;
      this.request?.destroy(new Error('Took too long.'));
    }, ms);
  }

  /** Ends this one, also its answer, at the time. */
  end(request: ClientRequest): void {
    this.request = request;
    if (this.aborted) request.destroy(new Error('Took too long.'));
  }

  /** Nothing is to be ended any more. */
  lift(): void {
    clearTimeout(this.timer);
  }
}
