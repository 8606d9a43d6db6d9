// Text that PostgreSQL keeps as it is. What it cannot keep is refused at the door, whichever scalar it came as.

// NUL, and surrogates without their other half (the u flag joins the paired ones).
const UNSTORABLE = /[\0\p{Cs}]/u;

/** The beginning of a text, without half a character at its end. */
export function cutText(text: string, length: number): string {
  const cut = text.slice(0, length);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}

/** Whether every character is Unicode text other than NUL. */
export function isStorable(text: string): boolean {
  return !UNSTORABLE.test(text);
}
