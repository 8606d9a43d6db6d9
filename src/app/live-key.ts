/** When two subscriptions get the same payload: the key of their group. */
import { getOperationAST, Kind, visit, type DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { isSharedSelection } from '../platform/graphql/shared-selection.js';
import type { LiveOperation } from './live-operation.js';
import type { LiveDocument } from './live-payload.js';

interface DocumentTraits {
  readonly number: number;
  /** Every selected field is the same for all who may see the event. */
  readonly isShared: boolean;
  /** Variable that says only where to continue: it has no part in the payload. Null when there is none. */
  readonly afterVariable: string | null;
}

/** Makes keys. Documents are told apart by identity, so equal texts should be parsed once. */
export class LiveKeys {
  private readonly traits = new WeakMap<DocumentNode, LRUCache<string, DocumentTraits>>();
  private count = 0;

  /** The key of an operation; those of different viewers are equal only where all see the same. */
  keyOf(live: LiveDocument, { source, onlooker, context }: LiveOperation): string {
    const traits = this.traitsOf(live);
    const variables = Object.entries(live.variables)
      .filter(([name]) => name !== traits.afterVariable)
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
    const viewer = traits.isShared ? null : [onlooker, context.viewer?.scopes ?? null];
    return JSON.stringify([traits.number, variables, source.topics, viewer]);
  }

  private traitsOf(live: LiveDocument): DocumentTraits {
    const { document, operationName } = live;
    const byName = this.traits.get(document) ?? new LRUCache<string, DocumentTraits>({ max: 20 });
    this.traits.set(document, byName);
    const known = byName.get(operationName ?? '');
    if (known) return known;
    const isShared = isSharedSelection(live.schema, document, operationName);
    const traits = { number: ++this.count, isShared, afterVariable: findAfterVariable(live) };
    byName.set(operationName ?? '', traits);
    return traits;
  }
}

/** The variable given as `after` of the root field, when nothing else uses it. */
function findAfterVariable({ document, operationName }: LiveDocument): string | null {
  const root = getOperationAST(document, operationName)?.selectionSet.selections[0];
  if (root?.kind !== Kind.FIELD) return null;
  const value = root.arguments?.find((argument) => argument.name.value === 'after')?.value;
  if (value?.kind !== Kind.VARIABLE) return null;
  let uses = 0;
  visit(document, {
    VariableDefinition: () => false,
    Variable: (node) => {
      if (node.name.value === value.name.value) uses++;
    },
  });
  return uses === 1 ? value.name.value : null;
}
