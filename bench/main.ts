// Every measurement in turn, and one table of what they found. `npm run bench -- home live` runs those two.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { isReached, median, quantile, rounded, type Figure, type Goal } from './figure.js';
import { MEASUREMENTS } from './measurements.js';
import { SERVER_FLAGS } from './server-flags.js';

const COLUMNS = [68, 7, 15, 7, 8];

await main(process.argv.slice(2));

async function main(chosen: readonly string[]): Promise<void> {
  const unknown = chosen.filter((name) => !(name in MEASUREMENTS));
  if (unknown.length > 0) {
    const names = Object.keys(MEASUREMENTS).join(', ');
    process.stderr.write(`No measurement is called ${unknown.join(', ')}: choose from ${names}.\n`);
    process.exitCode = 2;
    return;
  }
  printLine(['ratio, measured in one run', 'median', 'half of rounds', 'goal', 'verdict', 'sides']);
  for (const name of chosen.length > 0 ? chosen : Object.keys(MEASUREMENTS)) {
    const figures = await measure(MEASUREMENTS[name]!);
    for (const figure of figures) printLine(cellsOf(figure));
    if (!figures.every(isReached)) process.exitCode = 1;
  }
}

/** A measurement that breaks off ends everything: a table with holes must not look like a result. */
async function measure(module: string): Promise<Figure[]> {
  const child = fork(new URL('./measure.js', import.meta.url), [module], {
    execArgv: [...SERVER_FLAGS, '--expose-gc'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const figures = await Promise.race([
    once(child, 'message').then(([message]) => message as Figure[]),
    exited.then(() => null),
  ]);
  await exited;
  if (!figures) throw new Error(`${module} broke off`);
  return figures;
}

function cellsOf(figure: Figure): string[] {
  const { name, ratios, goal, sides } = figure;
  return [
    name,
    rounded(median(ratios)),
    `${rounded(quantile(ratios, 0.25))}–${rounded(quantile(ratios, 0.75))}`,
    goal ? goalText(goal) : '',
    goal ? (isReached(figure) ? 'reached' : 'MISSED') : '',
    sides,
  ];
}

function goalText(goal: Goal): string {
  return 'atLeast' in goal ? `≥ ${goal.atLeast}` : `≤ ${goal.atMost}`;
}

function printLine(cells: readonly string[]): void {
  const padded = cells.map((cell, index) => cell.padEnd(COLUMNS[index] ?? 0));
  process.stdout.write(`${padded.join('  ').trimEnd()}\n`);
}
