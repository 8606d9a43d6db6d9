// Counts what stands in a document as written, without expanding fragments.

import { Kind } from 'graphql';
import type {
  ArgumentNode,
  DirectiveNode,
  DocumentNode,
  FieldNode,
  SelectionSetNode,
  StringValueNode,
  ValueNode,
} from 'graphql';

import { isStorable } from '../../storable-text.js';

/** Totals over the whole document. */
export interface DocumentCounts {
  directives: number;
  /** Length of the longest list literal. */
  longestList: number;
  /** Most times that one selection set, its inline fragments included, answers under the same name. */
  mostRepeats: number;
  /** The first string literal that cannot be kept. */
  unstorable: StringValueNode | undefined;
}

/** One pass over every definition. */
export function countDocument(document: DocumentNode): DocumentCounts {
  const counts: DocumentCounts = {
    directives: 0,
    longestList: 0,
    mostRepeats: 0,
    unstorable: undefined,
  };
  for (const node of document.definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION && node.kind !== Kind.FRAGMENT_DEFINITION) continue;
    countDirectives(counts, node.directives);
    for (const variable of node.variableDefinitions ?? []) {
      countDirectives(counts, variable.directives);
      if (variable.defaultValue !== undefined) countValue(counts, variable.defaultValue);
    }
    countSet(counts, node.selectionSet, new Map());
  }
  return counts;
}

function countSet(
  counts: DocumentCounts,
  set: SelectionSetNode,
  repeats: Map<string, number>,
): void {
  for (const selection of set.selections) {
    countDirectives(counts, selection.directives);
    if (selection.kind === Kind.INLINE_FRAGMENT) countSet(counts, selection.selectionSet, repeats);
    if (selection.kind === Kind.FIELD) countField(counts, selection, repeats);
  }
}

function countField(counts: DocumentCounts, field: FieldNode, repeats: Map<string, number>): void {
  const key = (field.alias ?? field.name).value;
  const times = (repeats.get(key) ?? 0) + 1;
  repeats.set(key, times);
  counts.mostRepeats = Math.max(counts.mostRepeats, times);
  countArguments(counts, field.arguments);
  if (field.selectionSet !== undefined) countSet(counts, field.selectionSet, new Map());
}

function countDirectives(counts: DocumentCounts, directives: readonly DirectiveNode[] = []): void {
  counts.directives += directives.length;
  for (const directive of directives) countArguments(counts, directive.arguments);
}

function countArguments(counts: DocumentCounts, given: readonly ArgumentNode[] = []): void {
  for (const { value } of given) countValue(counts, value);
}

function countValue(counts: DocumentCounts, value: ValueNode): void {
  if (value.kind === Kind.LIST) {
    counts.longestList = Math.max(counts.longestList, value.values.length);
    for (const item of value.values) countValue(counts, item);
  }
  if (value.kind === Kind.STRING && !isStorable(value.value)) counts.unstorable ??= value;
  if (value.kind === Kind.OBJECT) for (const field of value.fields) countValue(counts, field.value);
}
