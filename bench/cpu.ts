// CPU time and memory of processes, from the kernel's own count: a server and every backend of its PostgreSQL.
import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/** CPU seconds of several process trees together, with what their ended children have used. */
export function treeSeconds(roots: readonly number[]): number {
  return sumOverTrees(roots, cpuSeconds);
}

/** Bytes of memory that several process trees have to themselves: no program text, no shared buffers. */
export function treeBytes(roots: readonly number[]): number {
  return sumOverTrees(roots, (processId) => statusBytes(processId, 'RssAnon'));
}

/** Resident bytes of one process, shared pages included; 0 when it is gone. */
export function residentBytes(processId: number): number {
  return statusBytes(processId, 'VmRSS');
}

/** The process and all that descend from it. */
export function processTree(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const fields = /^\d+$/.test(name) ? statFields(Number(name)) : null;
    if (!fields) continue;
    const parent = Number(fields[3]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found: number[] = [];
  const walk = (processId: number): void => {
    found.push(processId);
    for (const child of children.get(processId) ?? []) walk(child);
  };
  walk(root);
  return found;
}

function sumOverTrees(roots: readonly number[], measure: (processId: number) => number): number {
  return roots
    .flatMap((root) => processTree(root))
    .reduce((sum, processId) => sum + measure(processId), 0);
}

function cpuSeconds(processId: number): number {
  const fields = statFields(processId);
  if (!fields) return 0;
  const ended = Number(fields[15]) + Number(fields[16]);
  return threadSeconds(processId) + ended / TICKS_PER_SECOND;
}

/** The scheduler counts nanoseconds where `stat` counts hundredths of a second. */
function threadSeconds(processId: number): number {
  const directory = `/proc/${processId}/task`;
  try {
    return readdirSync(directory)
      .map((thread) => readFileSync(`${directory}/${thread}/schedstat`, 'utf8').split(' ')[0])
      .reduce((sum, nanoseconds) => sum + Number(nanoseconds) / 1e9, 0);
  } catch {
    return 0;
  }
}

function statusBytes(processId: number, name: 'RssAnon' | 'VmRSS'): number {
  try {
    const text = readFileSync(`/proc/${processId}/status`, 'utf8');
    return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Fields of /proc/<pid>/stat, counted as the manual does minus one; the name may hold blanks. */
function statFields(processId: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${processId}/stat`, 'utf8');
    const end = text.lastIndexOf(')');
    return [String(processId), text.slice(0, end + 1), ...text.slice(end + 2).split(' ')];
  } catch {
    return null;
  }
}
