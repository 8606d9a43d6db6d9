/** Runs a subscription whose events come from a list of its own: pulled when it begins, and whenever something wakes it. */
import { GraphQLError } from 'graphql';
import { DomainError } from '../platform/errors.js';
import type { EventStream } from '../platform/realtime/event-stream.js';
import type { PulledSource } from '../platform/realtime/pulled-source.js';
import type { LiveOperation } from './live-operation.js';
import { PayloadFailed, payloadOf, type LiveDocument } from './live-payload.js';

/** What it runs on. */
export interface PulledEdge {
  readonly stream: EventStream;
  /** What must have happened before anything is sent. */
  readonly precautions: () => Promise<void>;
}

/** Resolves when the subscription has ended. @throws what is no refusal */
export async function runPulled(
  operation: LiveOperation<PulledSource>,
  document: LiveDocument,
  { stream, precautions }: PulledEdge,
): Promise<void> {
  const { source, context } = operation;
  const send = async (roots: AsyncIterable<object>): Promise<void> => {
    for await (const root of roots) {
      if (!operation.isOpen) return;
      const payload = await payloadOf(document, root, context);
      await precautions();
      operation.deliver(payload);
    }
  };
  // It listens before it looks for the first time: what comes meanwhile wakes it afterwards.
  const subscription = await stream.subscribe(source.topics);
  operation.onEnd(() => subscription.close());
  try {
    await send(source.pull(null, true));
    for await (const event of subscription) {
      if (!operation.isOpen) return;
      await send(source.pull(event, subscription.isCaughtUp));
    }
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    operation.fail(refusal);
  } finally {
    subscription.close();
  }
}

function refusalOf(error: unknown): GraphQLError | null {
  if (error instanceof PayloadFailed) return error.error;
  if (!(error instanceof DomainError)) return null;
  return new GraphQLError(error.message, { originalError: error });
}
