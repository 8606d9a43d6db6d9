/** Addresses that whoever runs this machine has given to names, as in /etc/hosts. */
import type { LookupAddress } from 'node:dns';
import { readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';

type Names = ReadonlyMap<string, readonly LookupAddress[]>;

const NO_NAMES: Names = new Map();

/** A file of names, which is read again when it has changed. One that is not there, or may not be read, names nothing. */
export class HostsFile {
  private names: Names = NO_NAMES;
  private version = '';

  constructor(private readonly path = '/etc/hosts') {}

  /**
   * Addresses of a name, in the order of the file; empty = it does not stand there.
   *
   * @param family 4 or 6 = only those of this version
   */
  find(name: string, family: number | string | undefined): readonly LookupAddress[] {
    this.refresh();
    const found = this.names.get(name.toLowerCase().replace(/\.$/, '')) ?? [];
    const only = family === 4 || family === 'IPv4' ? 4 : family === 6 || family === 'IPv6' ? 6 : 0;
    return only === 0 ? found : found.filter((one) => one.family === only);
  }

  // At once: what waits for a thread here could wait for names that the system asks for.
  private refresh(): void {
    try {
      const { ino, size, mtimeMs, ctimeMs } = statSync(this.path);
      const version = `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
      if (version === this.version) return;
      this.names = namesIn(readFileSync(this.path, 'utf8'));
      this.version = version;
    } catch {
      this.names = NO_NAMES;
      this.version = '';
    }
  }
}

/** One address at the beginning of each line, and its names; `#` begins a comment. */
function namesIn(text: string): Names {
  const names = new Map<string, LookupAddress[]>();
  for (const line of text.split('\n')) {
    const [address = '', ...named] = line.replace(/#.*/, '').trim().split(/\s+/);
    const family = isIP(address);
    if (family === 0) continue;
    for (const name of named) {
      const key = name.toLowerCase().replace(/\.$/, '');
      const known = names.get(key);
      if (!known) names.set(key, [{ address, family }]);
      else if (!known.some((one) => one.address === address)) known.push({ address, family });
    }
  }
  return names;
}
