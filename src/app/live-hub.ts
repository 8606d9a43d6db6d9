/**
 * Joins the journal's stream and the running subscriptions: who may have an event is asked once for all,
 * a payload is built once for all who see the same, and everybody gets events in the journal's order.
 */
import { createSourceEventStream, GraphQLError, type ExecutionArgs } from 'graphql';
import type { Services } from '../platform/context.js';
import type { GraphQLContext } from '../platform/graphql/context.js';
import { LiveSource, type LiveFilter, type Onlooker } from '../platform/realtime/live-source.js';
import { PulledSource } from '../platform/realtime/pulled-source.js';
import type { EventListener, EventStream } from '../platform/realtime/event-stream.js';
import type { EventSubscription } from '../platform/realtime/event-subscription.js';
import type { LiveEvent } from '../platform/realtime/live-event.js';
import { LiveGroups, type LiveGroup } from './live-groups.js';
import { LiveKeys } from './live-key.js';
import { LiveOperation, type FrameSink } from './live-operation.js';
import { PayloadFailed, payloadOf, type LiveDocument, type LivePayload } from './live-payload.js';
import { runPulled } from './run-pulled.js';

/** A subscription as a client starts it, already let through the operation gate. */
export interface LiveExecution extends ExecutionArgs {
  readonly contextValue: GraphQLContext;
  /** The client's id of the operation. */
  readonly operationId: string;
  readonly sink: FrameSink;
}

/** Something that must have happened before an event is sent to anybody, such as closing revoked sockets. */
export type Precaution = (event: LiveEvent) => Promise<void> | null;

interface Prepared {
  readonly group: LiveGroup;
  readonly mayHave: (onlooker: Onlooker) => boolean;
  readonly outcome: LivePayload | GraphQLError;
}

/** Events that may be prepared at the same time; they are sent in order all the same. */
const PREPARED_AT_ONCE = 8;

/** The live edge of the process. */
export class LiveHub implements EventListener, Disposable {
  private readonly groups = new LiveGroups();
  private readonly keys = new LiveKeys();
  private readonly stopListening: () => void;
  private taken = 0;
  private precautions: Promise<void> = Promise.resolve();
  private delivered: Promise<void> = Promise.resolve();
  private readonly preparing: Promise<unknown>[] = [];

  constructor(
    private readonly services: Services,
    private readonly stream: EventStream,
    private readonly precaution: Precaution,
  ) {
    this.stopListening = stream.listen(this);
  }

  [Symbol.dispose](): void {
    this.stopListening();
  }

  /**
   * Starts a subscription.
   *
   * @throws {GraphQLError} what the field refused, among it INVALID_CURSOR
   */
  async start(execution: LiveExecution): Promise<LiveOperation | LiveOperation<PulledSource>> {
    const source = await createSourceEventStream(execution);
    if (!(source instanceof LiveSource || source instanceof PulledSource)) {
      const [error] = 'errors' in source ? (source.errors ?? []) : [];
      throw error ?? new Error('The subscription field gave no live source');
    }
    const { operationId: id, sink, contextValue: context } = execution;
    const document: LiveDocument = {
      schema: execution.schema,
      document: execution.document,
      operationName: execution.operationName ?? null,
      variables: execution.variableValues ?? {},
    };
    if (source instanceof PulledSource) {
      const pulling = new LiveOperation({ id, sink, source, context });
      const { stream } = this;
      void runPulled(pulling, document, { stream, precautions: () => this.precautions }).catch(
        (error: unknown) => pulling.fail(this.interruption(error)),
      );
      return pulling;
    }
    const operation = new LiveOperation({ id, sink, source, context });
    if (source.after === null) this.join(operation, document);
    else
      void this.catchUp(
        operation,
        document,
        await this.stream.subscribe(source.topics, source.after),
      );
    return operation;
  }

  take(event: LiveEvent): void {
    this.taken++;
    const precaution = this.precaution(event);
    if (precaution)
      this.precautions = Promise.all([this.precautions, precaution]).then(() => undefined);
    const groups = [...this.groups.of(event.topics)].filter(({ filter }) => filter.isWanted(event));
    if (groups.length === 0) return;
    this.enqueue(event, groups, this.taken, this.precautions);
  }

  async settled(): Promise<void> {
    await this.delivered;
    await this.precautions;
  }

  private join(operation: LiveOperation, document: LiveDocument): void {
    operation.joinedAt = this.taken;
    this.groups.join(operation, this.keys.keyOf(document, operation), document);
  }

  private enqueue(
    event: LiveEvent,
    groups: readonly LiveGroup[],
    number: number,
    before: Promise<void>,
  ): void {
    const turn = this.preparing[this.preparing.length - PREPARED_AT_ONCE] ?? Promise.resolve();
    const prepared = turn.then(() => this.prepare(event, groups));
    this.preparing.push(prepared);
    if (this.preparing.length > PREPARED_AT_ONCE) void this.preparing.shift();
    this.delivered = Promise.all([prepared, this.delivered, before]).then(
      ([ready]) => deliver(ready, number),
      (error: unknown) => this.services.log.error({ err: error }, 'live event was not delivered'),
    );
  }

  private async prepare(event: LiveEvent, groups: readonly LiveGroup[]): Promise<Prepared[]> {
    try {
      const admissions = await this.admissions(event, groups);
      const prepared = await Promise.all(
        groups.map((group) => this.prepareGroup(event, group, admissions.get(group.filter)!)),
      );
      return prepared.filter((entry) => entry !== null);
    } catch (error) {
      // What cannot be decided is not sent to anybody.
      const outcome = this.interruption(error);
      return groups.map((group) => ({ group, mayHave: () => true, outcome }));
    }
  }

  /** One question per filter, however many groups and sockets it has. */
  private async admissions(
    event: LiveEvent,
    groups: readonly LiveGroup[],
  ): Promise<Map<LiveFilter, Prepared['mayHave']>> {
    const onlookers = new Map<LiveFilter, Set<Onlooker>>();
    for (const group of groups) {
      const known = onlookers.get(group.filter) ?? new Set();
      onlookers.set(group.filter, known);
      for (const onlooker of group.onlookers()) known.add(onlooker);
    }
    const answers = await Promise.all(
      [...onlookers].map(async ([filter, asked]) => {
        const answer = await filter.admit(this.services, event, [...asked]);
        return [filter, answer] as const;
      }),
    );
    return new Map(answers);
  }

  private async prepareGroup(
    event: LiveEvent,
    group: LiveGroup,
    mayHave: Prepared['mayHave'],
  ): Promise<Prepared | null> {
    const context = group.contextOf(mayHave);
    if (!context) return null;
    try {
      return { group, mayHave, outcome: await payloadOf(group.document, event, context) };
    } catch (error) {
      if (!(error instanceof PayloadFailed)) throw error;
      return { group, mayHave, outcome: error.error };
    }
  }

  /** Ends a subscription whose events could not be read; its reader continues by cursor. */
  private interruption(error: unknown): GraphQLError {
    this.services.log.error({ err: error }, 'live events were interrupted');
    return new GraphQLError('Interrupted: subscribe again after the last cursor.', {
      extensions: { code: 'SERVICE_UNAVAILABLE' },
    });
  }

  /** Replays alone, then moves to the group in the same turn in which nothing is left to replay. */
  private async catchUp(
    operation: LiveOperation,
    document: LiveDocument,
    subscription: EventSubscription,
  ): Promise<void> {
    operation.onEnd(() => subscription.close());
    try {
      // Ends with the subscription: closed here when it has nothing more than the group will have.
      if (subscription.isCaughtUp) this.joinFrom(subscription, operation, document);
      for await (const event of subscription) {
        if (!operation.isOpen) return;
        await this.deliverAlone(operation, document, event);
        if (subscription.isCaughtUp) this.joinFrom(subscription, operation, document);
      }
    } catch (error) {
      operation.fail(error instanceof PayloadFailed ? error.error : this.interruption(error));
    }
  }

  private joinFrom(
    subscription: EventSubscription,
    operation: LiveOperation,
    document: LiveDocument,
  ): void {
    if (operation.isOpen) this.join(operation, document);
    subscription.close();
  }

  private async deliverAlone(
    operation: LiveOperation,
    document: LiveDocument,
    event: LiveEvent,
  ): Promise<void> {
    const { filter } = operation.source;
    if (!filter.isWanted(event)) return;
    const mayHave = await filter.admit(this.services, event, [operation.onlooker]);
    if (!mayHave(operation.onlooker)) return;
    const payload = await payloadOf(document, event, operation.context);
    await this.precautions;
    operation.deliver(payload);
  }
}

function deliver(ready: readonly Prepared[], number: number): void {
  for (const { group, mayHave, outcome } of ready) {
    for (const operation of group.operations) {
      if (operation.joinedAt >= number || !mayHave(operation.onlooker)) continue;
      if (outcome instanceof GraphQLError) operation.fail(outcome);
      else operation.deliver(outcome);
    }
  }
}
