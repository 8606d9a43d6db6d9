/** What a reader of a timeline wants to see of it, as SQL conditions over `posts`. */
import type { PostKind } from './post.entity.js';

/** Choices; null or absent = everything. */
export interface TimelineChoice {
  readonly kinds?: readonly PostKind[] | null;
  /** BCP 47; a tag without region stands for all its regions. */
  readonly languages?: readonly string[] | null;
  /** True = posts of this server only, false = posts of other servers only. */
  readonly isLocal?: boolean | null;
  readonly excludeSensitive?: boolean;
  readonly excludeAi?: boolean;
  /** Where a timeline has reposts: without them. Not part of `filterConditions`. */
  readonly excludeReposts?: boolean;
}

/**
 * A condition that takes five placeholders, starting with number `first`; their values come from `filterValues`. It is
 * one expression that the planner does not look into: of five conditions it would expect that hardly a row is left,
 * and then prepare for reading them all.
 */
export function filterConditions(alias: string, first: number): string {
  const [kinds, languages, isLocal, excludeSensitive, excludeAi] = [0, 1, 2, 3, 4].map(
    (offset) => `$${first + offset}`,
  );
  return `case when ${alias}.kind <> all(${kinds}::text[]) then false
    when ${languages}::text[] is not null and coalesce(${alias}.language <> all(${languages}::text[])
      and split_part(${alias}.language, '-', 1) <> all(${languages}::text[]), true) then false
    when ${alias}.is_local <> ${isLocal}::boolean then false
    when ${excludeSensitive}::boolean and ${alias}.is_sensitive then false
    when ${excludeAi}::boolean and ${alias}.ai_disclosure <> 'NONE' then false
    else true end`;
}

/** Values of the placeholders of `filterConditions`, in their order. */
export function filterValues(choice: TimelineChoice): unknown[] {
  return [
    choice.kinds ?? null,
    choice.languages ?? null,
    choice.isLocal ?? null,
    choice.excludeSensitive ?? false,
    choice.excludeAi ?? false,
  ];
}
