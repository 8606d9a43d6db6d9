/** Comma-separated values as spreadsheets and other servers write them. @source RFC 4180 */

/** One line, with its end. A value is quoted where it has to be. */
export function csvLine(values: readonly string[]): string {
  return `${values.map(cell).join(',')}\n`;
}

function cell(value: string): string {
  return /[",\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
