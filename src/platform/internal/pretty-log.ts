// Log lines for a person at a terminal: time, level, message, then the other fields.

function shown(value: unknown): string {
  if (typeof value === 'string') return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
  return JSON.stringify(value) ?? '';
}

function stackOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('stack' in error)) return '';
  return `\n${String(error.stack)}${'cause' in error ? `\n  caused by:${stackOf(error.cause)}` : ''}`;
}

/** Turns one JSON line of the logger into one readable line (more if it holds an error), ending in a line feed. */
export function prettyLine(json: string): string {
  const { time, level, msg, err, ...fields } = JSON.parse(json) as Record<string, unknown>;
  const clock = String(time).slice(11, 23);
  const rest = Object.entries(fields)
    .map(([name, value]) => ` ${name}=${shown(value)}`)
    .join('');
  const text = typeof msg === 'string' ? msg : '';
  return `${clock} ${String(level).toUpperCase().padEnd(5)} ${text}${rest}${stackOf(err)}\n`;
}
