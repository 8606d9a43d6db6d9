/** Reads comma-separated values. @source RFC 4180, with line feeds alone and empty lines allowed */

/** A record and where it stands. */
export interface CsvRecord {
  /** Of its first character; 1 is the first line. */
  readonly line: number;
  readonly cells: readonly string[];
}

// A quoted or a plain cell, and what ends it.
const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;

/** Every record but empty ones; null when a quotation mark stands where none may. */
export function parseCsv(text: string): CsvRecord[] | null {
  const records: CsvRecord[] = [];
  const pattern = new RegExp(CELL);
  let cells: string[] = [];
  let line = 1;
  let start = 1;
  pattern.lastIndex = text.startsWith('\uFEFF') ? 1 : 0;
  for (;;) {
    const found = pattern.exec(text);
    if (!found) return null;
    const [whole, quoted, plain = '', end] = found;
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    line += whole.match(/\r\n|\n|\r/g)?.length ?? 0;
    if (end === ',') continue;
    if (cells.some((cell) => cell.trim() !== '')) records.push({ line: start, cells });
    cells = [];
    start = line;
    if (end === '' || pattern.lastIndex >= text.length) return records;
  }
}
