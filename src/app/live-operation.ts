/**
 * A subscription that runs. To graphql-ws it is a result stream that stays silent until it ends; the
 * payloads go to the socket directly, as bytes that many operations share.
 */
import type { GraphQLError } from 'graphql';
import type { GraphQLContext } from '../platform/graphql/context.js';
import type { LivePayload } from './live-payload.js';
import type { PulledSource } from '../platform/realtime/pulled-source.js';
import type { LiveSource, Onlooker } from '../platform/realtime/live-source.js';

/** Takes what is sent to one client. */
export interface FrameSink {
  /** Sends one protocol message, of two parts. A client that reads too slowly is cut off instead. */
  sendParts(own: Buffer, shared: Buffer): void;
}

/** What an operation was started with. */
export interface LiveOperationParts<Source> {
  /** The client's id of the operation. */
  readonly id: string;
  readonly sink: FrameSink;
  readonly source: Source;
  /** Of the moment it was started; each event is executed in a fresh one made from it. */
  readonly context: GraphQLContext;
}

const DONE: IteratorReturnResult<void> = { done: true, value: undefined };

/** One running subscription of one client. */
export class LiveOperation<
  Source extends LiveSource | PulledSource = LiveSource,
> implements AsyncGenerator<never, void, void> {
  /** Number of the last event that it must not get from its group: it came before, or from a replay. */
  joinedAt = 0;
  readonly source: Source;
  readonly context: GraphQLContext;
  readonly onlooker: Onlooker;
  private readonly head: Buffer;
  private readonly sink: FrameSink;
  private readonly ended: Promise<IteratorReturnResult<void>>;
  private settle!: (failure: GraphQLError | null) => void;
  private readonly closers: (() => void)[] = [];
  private isEnded = false;

  constructor({ id, sink, source, context }: LiveOperationParts<Source>) {
    this.source = source;
    this.context = context;
    this.onlooker = context.viewer?.actorId ?? null;
    this.sink = sink;
    this.head = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
    this.ended = new Promise((resolve, reject) => {
      this.settle = (failure) => (failure ? reject(failure) : resolve(DONE));
    });
    // Nobody may be waiting yet when it fails; whoever asks later still gets the failure.
    this.ended.catch(() => undefined);
  }

  /** False when the client has completed it, or is gone. */
  get isOpen(): boolean {
    return !this.isEnded;
  }

  /** Sends one payload, from `payloadOf`. */
  deliver(payload: LivePayload): void {
    if (!this.isEnded) this.sink.sendParts(this.head, payload);
  }

  /** Ends it with one error message. */
  fail(error: GraphQLError): void {
    this.close(error);
  }

  /** Calls `closer` when it ends, at once if it has. */
  onEnd(closer: () => void): void {
    if (this.isEnded) closer();
    else this.closers.push(closer);
  }

  next(): Promise<IteratorReturnResult<void>> {
    return this.ended;
  }

  return(): Promise<IteratorReturnResult<void>> {
    this.close(null);
    return Promise.resolve(DONE);
  }

  async throw(error: unknown): Promise<IteratorReturnResult<void>> {
    this.close(null);
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close(null);
  }

  private close(failure: GraphQLError | null): void {
    if (this.isEnded) return;
    this.isEnded = true;
    for (const closer of this.closers) closer();
    this.settle(failure);
  }
}
