// What one row of the configuration table is. The rows live in *.variables.ts, the rules in rules.ts.
import type { z } from 'zod';

/** How a value is written: a schema that turns the text into a value, and the same rule in words. */
export interface Rule<T> {
  /** Completes the sentence "must be …". */
  readonly text: string;
  readonly schema: z.ZodType<T, string>;
}

/** One environment variable. */
export interface Variable<T> {
  /** One to three sentences for the administrator. */
  readonly description: string;
  readonly rule: Rule<T>;
  /** Text that stands in when the variable is unset or empty; null: the value is then null. */
  readonly default: string | null;
  /** What happens without a value, where `default` alone does not tell. */
  readonly defaultText?: string;
  readonly unit?: string;
  /** Secret values are masked in every message, page and log. */
  readonly secret: boolean;
  /** `first start`: stored with the data at the first start and refused if changed later. */
  readonly takesEffect: 'restart' | 'first start';
}

interface Description {
  readonly description: string;
  readonly unit?: string;
  readonly secret?: boolean;
  readonly takesEffect?: 'restart' | 'first start';
}

/** A variable that always has a value; `fallback` is written as the administrator would write it. */
export function withDefault<T>(rule: Rule<T>, fallback: string, about: Description): Variable<T> {
  return { secret: false, takesEffect: 'restart', ...about, rule, default: fallback };
}

/** A variable that may be absent (value null); `absence` says what the server does then. */
export function optional<T>(
  rule: Rule<T>,
  absence: string,
  about: Description,
): Variable<T | null> {
  return {
    secret: false,
    takesEffect: 'restart',
    ...about,
    rule,
    default: null,
    defaultText: absence,
  };
}
