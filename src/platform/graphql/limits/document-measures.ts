// Measures a document as it would stand with every fragment written out, in time linear in its length:
// each fragment is measured once. Works on documents that are not validated, also on cyclic ones.

import { Kind } from 'graphql';
import type {
  DocumentNode,
  FragmentDefinitionNode,
  SelectionNode,
  SelectionSetNode,
} from 'graphql';

import { add } from './saturating.js';

/** Counts of one selection set with its fragments expanded. All saturate at 2^53 − 1. */
export interface Measures {
  /** Nested fields, leaves included. */
  readonly depth: number;
  /** Fields at every level. */
  readonly selections: number;
  /** Fields at the first level. */
  readonly width: number;
  readonly aliases: number;
}

const NOTHING: Measures = { depth: 0, selections: 0, width: 0, aliases: 0 };

/** Measures the selection sets of one document and remembers its fragments. */
export class DocumentMeasurer {
  /** Names of fragments that spread themselves, directly or not. Filled while measuring. */
  readonly cyclic = new Set<string>();
  /** Names that more than one fragment has. */
  readonly doubled = new Set<string>();
  readonly #definitions = new Map<string, FragmentDefinitionNode>();
  readonly #measured = new Map<string, Measures>();
  readonly #open = new Set<string>();

  constructor(document: DocumentNode) {
    for (const node of document.definitions) {
      if (node.kind !== Kind.FRAGMENT_DEFINITION) continue;
      if (this.#definitions.has(node.name.value)) this.doubled.add(node.name.value);
      this.#definitions.set(node.name.value, node);
    }
  }

  /** Names of the fragments that nothing measured so far spreads. */
  get unused(): readonly string[] {
    return [...this.#definitions.keys()].filter((name) => !this.#measured.has(name));
  }

  /** Counts of the set; a cycle counts as nothing and is noted in `cyclic`. */
  measure(set: SelectionSetNode): Measures {
    let { depth, selections, width, aliases } = NOTHING;
    for (const selection of set.selections) {
      const part = this.#measureSelection(selection);
      depth = Math.max(depth, part.depth);
      selections = add(selections, part.selections);
      width = add(width, part.width);
      aliases = add(aliases, part.aliases);
    }
    return { depth, selections, width, aliases };
  }

  #measureSelection(selection: SelectionNode): Measures {
    if (selection.kind === Kind.INLINE_FRAGMENT) return this.measure(selection.selectionSet);
    if (selection.kind === Kind.FRAGMENT_SPREAD) return this.#measureFragment(selection.name.value);
    const below =
      selection.selectionSet === undefined ? NOTHING : this.measure(selection.selectionSet);
    return {
      depth: below.depth + 1,
      selections: add(below.selections, 1),
      width: 1,
      aliases: add(below.aliases, selection.alias === undefined ? 0 : 1),
    };
  }

  #measureFragment(name: string): Measures {
    const known = this.#measured.get(name);
    if (known !== undefined) return known;
    const definition = this.#definitions.get(name);
    if (definition === undefined) return NOTHING;
    if (this.#open.has(name)) {
      this.cyclic.add(name);
      return NOTHING;
    }
    this.#open.add(name);
    const measures = this.measure(definition.selectionSet);
    this.#open.delete(name);
    this.#measured.set(name, measures);
    return measures;
  }
}
