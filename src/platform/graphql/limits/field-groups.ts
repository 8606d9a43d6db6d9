// The fields that execution would merge under one response name, for one concrete type.

import { isAbstractType, isObjectType, Kind } from 'graphql';
import type {
  DirectiveNode,
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLNamedType,
  GraphQLSchema,
  SelectionNode,
  SelectionSetNode,
} from 'graphql';

import { booleanValue } from './page-size.js';
import type { VariableValues } from './page-size.js';

/** Fields by response name, in order of appearance. */
export type FieldGroups = ReadonlyMap<string, readonly FieldNode[]>;

/** Collects the fields of one operation. */
export class FieldCollector {
  readonly #schema: GraphQLSchema;
  readonly #variables: VariableValues;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  /** Selections visited so far: the measure of the work done. */
  visited = 0;

  constructor(schema: GraphQLSchema, document: DocumentNode, variables: VariableValues) {
    this.#schema = schema;
    this.#variables = variables;
    for (const node of document.definitions) {
      if (node.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(node.name.value, node);
    }
  }

  /** Fields that an object of this type would answer; each fragment counts once, as in execution. */
  collect(type: GraphQLNamedType, sets: readonly SelectionSetNode[]): FieldGroups {
    const groups = new Map<string, FieldNode[]>();
    const spread = new Set<string>();
    for (const set of sets) this.#collectInto(groups, spread, type, set);
    return groups;
  }

  #collectInto(
    groups: Map<string, FieldNode[]>,
    spread: Set<string>,
    type: GraphQLNamedType,
    set: SelectionSetNode,
  ): void {
    for (const selection of set.selections) {
      this.visited += 1;
      if (!this.#isIncluded(selection)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value;
        const group = groups.get(key);
        if (group === undefined) groups.set(key, [selection]);
        else group.push(selection);
        continue;
      }
      const inner = this.#fragmentFor(type, selection, spread);
      if (inner !== undefined) this.#collectInto(groups, spread, type, inner);
    }
  }

  #fragmentFor(
    type: GraphQLNamedType,
    selection: Exclude<SelectionNode, FieldNode>,
    spread: Set<string>,
  ): SelectionSetNode | undefined {
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      return this.#applies(type, selection.typeCondition?.name.value)
        ? selection.selectionSet
        : undefined;
    }
    const name = selection.name.value;
    const fragment = this.#fragments.get(name);
    if (fragment === undefined || spread.has(name)) return undefined;
    spread.add(name);
    return this.#applies(type, fragment.typeCondition.name.value)
      ? fragment.selectionSet
      : undefined;
  }

  #applies(type: GraphQLNamedType, condition: string | undefined): boolean {
    if (condition === undefined || condition === type.name) return true;
    const conditional = this.#schema.getType(condition);
    return (
      isAbstractType(conditional) && isObjectType(type) && this.#schema.isSubType(conditional, type)
    );
  }

  #isIncluded({ directives = [] }: SelectionNode): boolean {
    if (directives.length === 0) return true;
    return (
      this.#condition(directives, 'skip') !== true &&
      this.#condition(directives, 'include') !== false
    );
  }

  #condition(directives: readonly DirectiveNode[], name: string): boolean | undefined {
    const directive = directives.find((node) => node.name.value === name);
    return directive === undefined
      ? undefined
      : booleanValue(directive.arguments?.[0]?.value, this.#variables);
  }
}
