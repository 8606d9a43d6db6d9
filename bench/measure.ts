// One measurement in a process of its own, so that none inherits the heap and the compiled code of another.
import type { Figure } from './figure.js';

const { run } = (await import(process.argv[2]!)) as { run: () => Promise<Figure[]> };
process.send?.(await run(), () => process.disconnect());
