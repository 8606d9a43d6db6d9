// Arithmetic on counts that stops at the largest safe integer instead of losing digits.

/** Sum, at most 2^53 − 1. */
export function add(a: number, b: number): number {
  return Math.min(a + b, Number.MAX_SAFE_INTEGER);
}

/** Product, at most 2^53 − 1; 0 times anything is 0. */
export function multiply(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : Math.min(a * b, Number.MAX_SAFE_INTEGER);
}
