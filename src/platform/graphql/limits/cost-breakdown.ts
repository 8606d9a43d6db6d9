// Explains a cost field by field, for a client that asks why its operation is dear.

import type { SelectionCost } from './cost.js';
import { add, multiply } from './saturating.js';

/** What one field contributes by itself, without the fields below it. */
export interface CostLine {
  /** Response names from the root, joined by dots. */
  readonly path: string;
  /** Times that the field may be answered. */
  readonly times: number;
  /** Objects or values that it may return in all. */
  readonly elements: number;
  /** Points; the lines of a complete breakdown add up to the cost of the operation. */
  readonly cost: number;
}

/** The fields that cost something, in document order, at most `maxLines` of them. */
export function costBreakdown(operation: SelectionCost, maxLines = 200): CostLine[] {
  const lines: CostLine[] = [];
  addLines(lines, operation, '', 1, maxLines);
  return lines;
}

function addLines(
  lines: CostLine[],
  selection: SelectionCost,
  prefix: string,
  times: number,
  maxLines: number,
): void {
  for (const field of selection.fields) {
    if (lines.length >= maxLines) return;
    if (field.cost === 0) continue;
    const path = `${prefix}${field.responseName}`;
    const elements = multiply(times, field.elements);
    const cost = add(multiply(times, field.once), multiply(elements, field.each));
    if (cost > 0) lines.push({ path, times, elements, cost });
    addLines(lines, field.below, `${path}.`, elements, maxLines);
  }
}
