/** One range of bytes, as a viewer asks for it and as another server says it gives it. */

/** `bytes=5-9`, `bytes=5-` or `bytes=-5`; null on either side = not said. */
export interface AskedRange {
  readonly start: number | null;
  readonly end: number | null;
}

/** What a `Content-Range` says. */
export interface GivenRange {
  readonly start: number;
  readonly end: number;
  /** Of the whole; null = it is not said. */
  readonly size: number | null;
}

/** The range that a header asks for; null for none, several, and nonsense, which all mean the whole. */
export function readAskedRange(header: string | undefined): AskedRange | null {
  const [, first = '', last = ''] =
    /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? [];
  const start = first === '' ? null : Number(first);
  const end = last === '' ? null : Number(last);
  if (start === null && end === null) return null;
  return start !== null && end !== null && start > end ? null : { start, end };
}

/** The header for it. */
export function rangeHeader({ start, end }: AskedRange): string {
  return `bytes=${start ?? ''}-${end ?? ''}`;
}

/** What is given, if it is what was asked for or the beginning of it; null for anything else. */
export function readGivenRange(header: string | undefined, asked: AskedRange): GivenRange | null {
  const found = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(header?.trim() ?? '');
  if (!found) return null;
  const [start, end] = [Number(found[1]), Number(found[2])];
  const size = found[3] === '*' ? null : Number(found[3]);
  if (start > end || (size !== null && end >= size)) return null;
  const isAsked =
    asked.start === null
      ? size !== null && end === size - 1 && end - start < asked.end!
      : start === asked.start && end <= (asked.end ?? Infinity);
  return isAsked ? { start, end, size } : null;
}
