/**
 * Names of prepared statements. PostgreSQL keeps one text under each name of a connection: of two statements of one name the
 * second would run the first one's text, or fail, and only where the same connection had prepared the other.
 */

/** What PostgreSQL reads of a name. */
const MOST_BYTES = 63;

const texts = new Map<string, string>();

/**
 * A text under a name that no other one has in this process. Under the empty name nothing is kept, so many may have it.
 *
 * @throws {Error} when another text has it, or it is too long to be told from others
 */
export function namedText(
  name: string,
  text: string,
): { readonly name: string; readonly text: string } {
  if (name === '') return { name, text };
  const known = texts.get(name);
  if (known !== undefined && known !== text) throw new Error(`Two statements are called ${name}.`);
  if (Buffer.byteLength(name) > MOST_BYTES)
    throw new Error(`The name ${name} is longer than ${MOST_BYTES} bytes.`);
  texts.set(name, text);
  return { name, text };
}
