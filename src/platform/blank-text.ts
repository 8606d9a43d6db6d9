/** Texts in which there is nothing to see. */

// Besides white space: what Unicode says is drawn as nothing (joiners, fillers, variation selectors), and empty Braille.
const SEEN = /[^\s\p{Z}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** True for a text that shows nothing, however many characters it has. */
export function isBlank(text: string): boolean {
  return !SEEN.test(text);
}
