// Counts the fields that meet at one place of the answer under one name: validation compares each pair of them,
// so that few characters can ask for millions of comparisons.

import { Kind } from 'graphql';
import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  SelectionNode,
  SelectionSetNode,
} from 'graphql';

/** What stands at one place of the answer, fragments written out, each of them once. */
interface Place {
  readonly fields: Map<string, FieldNode[]>;
  readonly fragments: Set<string>;
  spreads: number;
}

/**
 * Pairs of fields and pairs of spreads that meet, over all operations.
 *
 * The document has no cycles and its operations are of bounded size. Counting ends soon after `most`.
 */
export function countFieldPairs(document: DocumentNode, most: number): number {
  const counter = new PairCounter(document, most);
  for (const node of document.definitions) {
    if (node.kind === Kind.OPERATION_DEFINITION) counter.count([node.selectionSet]);
  }
  return counter.pairs;
}

class PairCounter {
  pairs = 0;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  readonly #most: number;

  constructor(document: DocumentNode, most: number) {
    this.#most = most;
    for (const node of document.definitions) {
      if (node.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(node.name.value, node);
    }
  }

  count(sets: readonly SelectionSetNode[]): void {
    const place: Place = { fields: new Map(), fragments: new Set(), spreads: 0 };
    for (const set of sets) this.#gather(place, set);
    this.pairs += pairsOf(place.spreads);
    for (const fields of place.fields.values()) this.pairs += pairsOf(fields.length);
    for (const fields of place.fields.values()) {
      if (this.pairs > this.#most) return;
      const below = fields.flatMap(({ selectionSet }) => selectionSet ?? []);
      if (below.length > 0) this.count(below);
    }
  }

  #gather(place: Place, set: SelectionSetNode): void {
    for (const selection of set.selections) this.#gatherOne(place, selection);
  }

  #gatherOne(place: Place, selection: SelectionNode): void {
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      this.#gather(place, selection.selectionSet);
      return;
    }
    if (selection.kind === Kind.FIELD) {
      const name = (selection.alias ?? selection.name).value;
      const same = place.fields.get(name);
      if (same) same.push(selection);
      else place.fields.set(name, [selection]);
      return;
    }
    place.spreads++;
    const name = selection.name.value;
    const fragment = this.#fragments.get(name);
    if (fragment === undefined || place.fragments.has(name)) return;
    place.fragments.add(name);
    this.#gather(place, fragment.selectionSet);
  }
}

function pairsOf(count: number): number {
  return (count * (count - 1)) / 2;
}
