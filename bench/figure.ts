// What every measurement reports: ratios of two things measured in the same run, and the goal for their median.

/** What has to hold for the median. */
export type Goal = { readonly atLeast: number } | { readonly atMost: number };

/** One compared figure. */
export interface Figure {
  /** What is divided by what. */
  readonly name: string;
  /** One per round, at least one. */
  readonly ratios: readonly number[];
  /** Null: it explains another figure and is not judged by itself. */
  readonly goal: Goal | null;
  /** Both sides in their own unit. */
  readonly sides: string;
}

/** A figure with one ratio per round of the two sides, `unit` being what they are in. */
export function compared(
  name: string,
  [dividend, divisor]: readonly [dividend: readonly number[], divisor: readonly number[]],
  unit: string,
  goal: Goal | null,
): Figure {
  const ratios = dividend.map((value, round) => value / (divisor[round] ?? NaN));
  const sides = `${rounded(median(dividend))} : ${rounded(median(divisor))} ${unit}`;
  return { name, ratios, goal, sides };
}

/** A figure whose divisor is a fixed limit in the same unit. */
export function limited(
  name: string,
  values: readonly number[],
  limit: number,
  unit: string,
): Figure {
  return compared(name, [values, values.map(() => limit)], unit, { atMost: 1 });
}

/** Whether the median reaches the goal; a figure without goal always does. */
export function isReached({ ratios, goal }: Figure): boolean {
  if (!goal) return true;
  const ratio = median(ratios);
  return 'atLeast' in goal ? ratio >= goal.atLeast : ratio <= goal.atMost;
}

/** The middle value; NaN of nothing. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which this part of the values lies, between neighbours in proportion; NaN of nothing. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = part * (sorted.length - 1);
  const [lower, upper] = [sorted[Math.floor(place)] ?? NaN, sorted[Math.ceil(place)] ?? NaN];
  return lower + (upper - lower) * (place % 1);
}

/** Three significant digits, thousands apart. */
export function rounded(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 4 });
}
