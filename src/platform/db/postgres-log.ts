// The log file of the embedded PostgreSQL: written by PostgreSQL itself, kept small by us.
import {
  closeSync,
  fstatSync,
  openSync,
  readFileSync,
  copyFileSync,
  statSync,
  truncateSync,
} from 'node:fs';

const largestBytes = 5 * 1024 * 1024;
const inspectionMs = 60_000;
const shownLines = 20;

/** An open log; disposing it closes our descriptor, not PostgreSQL's. */
export interface PostgresLog extends Disposable {
  readonly descriptor: number;
  /** Where the next line will stand, in bytes. */
  position(): number;
  /** The last lines that stand behind `position`. */
  tail(position: number): string;
}

/**
 * Opens `file` for appending, readable by this account alone. Whenever it has outgrown 5 MiB its content moves to
 * `<file>.1`, which replaces the former one.
 */
export function openPostgresLog(file: string): PostgresLog {
  const descriptor = openSync(file, 'a', 0o600);
  shrink(file);
  const timer = setInterval(() => shrink(file), inspectionMs).unref();
  return {
    descriptor,
    position: () => fstatSync(descriptor).size,
    tail: (position) => lastLines(readFileSync(file).subarray(position).toString()),
    [Symbol.dispose]() {
      clearInterval(timer);
      closeSync(descriptor);
    },
  };
}

/** PostgreSQL appends, so after the cut it goes on at the new end; a line written in between may be lost. */
function shrink(file: string): void {
  if (statSync(file).size <= largestBytes) return;
  copyFileSync(file, `${file}.1`);
  truncateSync(file);
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-shownLines).join('\n');
}
