/** The languages that a client would like, from its request. */

const MAX_LENGTH = 500;

/**
 * Language ranges of an `Accept-Language` header, the dearest first; those that are refused (`q=0`) and what is
 * malformed are left out.
 *
 * @source RFC 9110 §12.5.4
 */
export function readAcceptLanguage(header: string | undefined): string[] {
  return (header ?? '')
    .slice(0, MAX_LENGTH)
    .split(',')
    .flatMap((part) => {
      const match = /^\s*([A-Za-z0-9-]+)\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*$/.exec(part);
      return match ? [{ tag: match[1]!, weight: Number(match[2] ?? 1) }] : [];
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((left, right) => right.weight - left.weight)
    .map(({ tag }) => tag);
}
