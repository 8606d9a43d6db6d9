// Bounds the shape of variable values before anything walks them recursively, and refuses text that cannot be kept.

import { isStorable } from '../../storable-text.js';
import { limitError, textError } from './limit-error.js';
import type { OperationLimits } from './operation-limits.js';

/**
 * Passes when no list in the variables is longer, and no value nested deeper, than the limits allow, and all
 * text is Unicode text without NUL.
 *
 * @throws {GraphQLError} BAD_USER_INPUT naming the variable
 */
export function checkVariables(
  variables: Readonly<Record<string, unknown>>,
  limits: OperationLimits,
): void {
  for (const [name, value] of Object.entries(variables)) checkValue(name, value, 1, limits);
}

function checkValue(name: string, value: unknown, depth: number, limits: OperationLimits): void {
  if (typeof value === 'string' && !isStorable(value)) throw textError(`The variable $${name}`);
  if (typeof value !== 'object' || value === null) return;
  if (depth > limits.maxVariableDepth) {
    throw limitError(`Nesting of the variable $${name}`, {
      rule: 'maxVariableDepth',
      limit: limits.maxVariableDepth,
      actual: depth,
    });
  }
  const items = Object.entries(value);
  if (Array.isArray(value) && items.length > limits.maxListItems) {
    throw limitError(`Items in a list of the variable $${name}`, {
      rule: 'maxListItems',
      limit: limits.maxListItems,
      actual: items.length,
    });
  }
  for (const [key, item] of items) checkValue(`${name}.${key}`, item, depth + 1, limits);
}
