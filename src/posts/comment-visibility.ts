/** Whom a comment is for, among those who see the post. */
import type { CommentId } from './post.entity.js';

/** Who may see a comment; in every case only those who see the post, and every comment above it. */
export const COMMENT_VISIBILITIES = {
  AS_POST: 'Whoever sees the post, and the comment that it answers.',
  FOLLOWERS:
    'Accepted followers of whoever wrote the comment, those whom it mentions, and who wrote what it answers.',
  MENTIONED: 'Those whom the comment mentions, and who wrote what it answers.',
} as const;

/** One of them. */
export type CommentVisibility = keyof typeof COMMENT_VISIBILITIES;

/** Fewer people than those who see what the comment answers. */
export type Narrowing = Exclude<CommentVisibility, 'AS_POST'>;

/**
 * So many comments, one below the other, may each be for fewer people: who sees the last one is asked of all of them.
 */
export const MOST_NARROWINGS = 50;

/** How a comment is kept from some of those who see the post. */
export interface Narrowed {
  /** Whom it is for by itself; null = whoever sees what it answers. */
  readonly narrowedTo: Narrowing | null;
  /** Itself and the comments above it, as far as each is for fewer people; null = none of them is. */
  readonly narrowedThrough: readonly CommentId[] | null;
}

/** Of a comment below another one, or below the post (`above` null). */
export function narrow(
  id: CommentId,
  narrowedTo: Narrowing | null,
  above: readonly CommentId[] | null,
): Narrowed {
  return { narrowedTo, narrowedThrough: narrowedTo === null ? above : [...(above ?? []), id] };
}

/**
 * Whether the counters hold a comment. They hold those alone that whoever sees the post sees, so that a number tells
 * nobody of words that are not for them, and costs the same for everybody. Who sees more finds it in the lists.
 */
export function isCounted({ narrowedThrough }: Pick<Narrowed, 'narrowedThrough'>): boolean {
  return narrowedThrough === null;
}

/** The same in SQL. */
export function isCountedIn(alias: string): string {
  return `${alias}.narrowed_through is null`;
}
