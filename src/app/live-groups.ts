/** Subscriptions that get the same payload, found by topic. A group without members does not exist. */
import type { GraphQLContext } from '../platform/graphql/context.js';
import type { LiveFilter, Onlooker } from '../platform/realtime/live-source.js';
import type { LiveOperation } from './live-operation.js';
import type { LiveDocument } from './live-payload.js';

/** One payload per event for all of these. */
export class LiveGroup {
  readonly operations = new Set<LiveOperation>();
  /** Members by who looks, so that asking who may have an event does not walk through all of them. */
  private readonly counts = new Map<Onlooker, number>();

  constructor(
    readonly key: string,
    readonly document: LiveDocument,
    readonly filter: LiveFilter,
    readonly topics: readonly string[],
  ) {}

  /** Everybody who looks, once each. */
  onlookers(): Iterable<Onlooker> {
    return this.counts.keys();
  }

  /** Adds a member. */
  add(operation: LiveOperation): void {
    this.operations.add(operation);
    this.counts.set(operation.onlooker, (this.counts.get(operation.onlooker) ?? 0) + 1);
  }

  /** Removes a member. */
  remove(operation: LiveOperation): void {
    if (!this.operations.delete(operation)) return;
    const left = (this.counts.get(operation.onlooker) ?? 1) - 1;
    if (left > 0) this.counts.set(operation.onlooker, left);
    else this.counts.delete(operation.onlooker);
  }

  /** Context of the first member who may have the event; null when nobody may. */
  contextOf(mayHave: (onlooker: Onlooker) => boolean): GraphQLContext | null {
    for (const operation of this.operations) {
      if (mayHave(operation.onlooker)) return this.contextFor(operation);
    }
    return null;
  }

  private contextFor({ context }: LiveOperation): GraphQLContext {
    return this.counts.size > 1 ? { ...context, isForMany: true } : context;
  }
}

/** All groups of the process. */
export class LiveGroups {
  private readonly byKey = new Map<string, LiveGroup>();
  private readonly byTopic = new Map<string, Set<LiveGroup>>();

  /** Puts an operation into the group of its key until it ends. */
  join(operation: LiveOperation, key: string, document: LiveDocument): void {
    const group = this.byKey.get(key) ?? this.open(operation, key, document);
    group.add(operation);
    operation.onEnd(() => {
      group.remove(operation);
      if (group.operations.size === 0) this.close(group);
    });
  }

  /** Groups that listen to one of the topics, once each. */
  of(topics: readonly string[]): ReadonlySet<LiveGroup> {
    const found = new Set<LiveGroup>();
    for (const topic of topics) for (const group of this.byTopic.get(topic) ?? []) found.add(group);
    return found;
  }

  private open({ source }: LiveOperation, key: string, document: LiveDocument): LiveGroup {
    const group = new LiveGroup(key, document, source.filter, source.topics);
    this.byKey.set(key, group);
    for (const topic of source.topics) {
      const known = this.byTopic.get(topic);
      if (known) known.add(group);
      else this.byTopic.set(topic, new Set([group]));
    }
    return group;
  }

  private close(group: LiveGroup): void {
    if (this.byKey.get(group.key) === group) this.byKey.delete(group.key);
    for (const topic of group.topics) {
      const groups = this.byTopic.get(topic);
      groups?.delete(group);
      if (groups?.size === 0) this.byTopic.delete(topic);
    }
  }
}
