/**
 * Batched, per-operation loading. A slice defines a loader once; each operation gets its own memory,
 * so nothing is shared between viewers.
 */
import DataLoader from 'dataloader';
import type { GraphQLContext } from './context.js';

/** How to load many keys at once. The map may lack keys: those load as null. */
export interface LoaderDefinition<Key, Value> {
  readonly load: (context: GraphQLContext, keys: readonly Key[]) => Promise<Map<string, Value>>;
  /** Text that identifies a key; ids are their own. */
  readonly keyOf: (key: Key) => string;
}

/** Defines a loader keyed by id. */
export function defineLoader<Key extends string, Value>(
  load: LoaderDefinition<Key, Value>['load'],
): LoaderDefinition<Key, Value> {
  return { load, keyOf: (key) => key };
}

/** The loaders of one operation, made when first asked for. */
export class LoaderMemory {
  private readonly loaders = new Map<object, DataLoader<never, unknown, string>>();

  /** The operation's loader for a definition. */
  of<Key, Value>(
    context: GraphQLContext,
    definition: LoaderDefinition<Key, Value>,
  ): DataLoader<Key, Value | null, string> {
    const known = this.loaders.get(definition);
    if (known) return known as DataLoader<Key, Value | null, string>;
    const made = new DataLoader<Key, Value | null, string>(
      async (keys) => {
        const found = await definition.load(context, keys);
        return keys.map((key) => found.get(definition.keyOf(key)) ?? null);
      },
      { cacheKeyFn: definition.keyOf, maxBatchSize: 500 },
    );
    this.loaders.set(definition, made);
    return made;
  }

  /** Forgets everything: after a mutation, what was loaded before it is stale. */
  clear(): void {
    this.loaders.clear();
  }
}

/** Loads one key through the operation's loader. */
export function load<Key, Value>(
  context: GraphQLContext,
  definition: LoaderDefinition<Key, Value>,
  key: Key,
): Promise<Value | null> {
  return context.loaders.of(context, definition).load(key);
}
