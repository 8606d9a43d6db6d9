// How a PostgreSQL program is called here: never as root, never twice on one directory, never outliving this process.
import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';
import { StartError } from '../start-error.js';

/** Where the system keeps its tools; npm puts the programs of every package before them on PATH. */
export const toolPath = '/usr/local/bin:/usr/bin:/bin:/run/current-system/sw/bin';

/** Exit code of a command whose directory somebody else holds. */
export const heldByAnother = 75;

/** Looks to PostgreSQL like the account `nobody`, which has an entry in every passwd; files still belong to us. */
const asNobody = ['unshare', '--user', '--map-user=65534', '--map-group=65534'];

// The kernel tells only children of a living parent, so the shell looks whether ours died before it was asked.
const unlessOrphaned = '[ "$PPID" = "$0" ] || exit 1; exec "$@"';

// A watcher reads file descriptor 3: a line means that PostgreSQL has gone, the end that our process has.
const watched = '( ( read -r _ <&3 || kill -INT $$ ) & ); exec 3<&- "$@"';

/**
 * Words to put before a PostgreSQL program so that it runs under this account.
 *
 * PostgreSQL refuses root, and `initdb` an account without a passwd entry: both get a user namespace.
 *
 * @throws {Error} when it takes a user namespace and the system forbids them
 */
export async function accountPrefix(): Promise<string[]> {
  const reason = reasonForNamespace();
  if (reason === null) return [];
  const [tool = '', ...args] = asNobody;
  try {
    await promisify(execFile)(tool, [...args, 'true'], { env: { PATH: toolPath } });
  } catch (cause) {
    const message =
      `The embedded PostgreSQL cannot run as ${reason}, and this system forbids user namespaces: ` +
      'start Triptych from an ordinary account with a passwd entry, or set DATABASE_URL to a PostgreSQL of your own';
    throw new StartError(message, { cause });
  }
  return asNobody;
}

/** Whether `holdingPrefix` works here; elsewhere PostgreSQL's own lock file is all there is. */
export function holdsDirectories(): boolean {
  return process.platform === 'linux';
}

/**
 * Words to put before everything else: the command holds `directory` until its last process has gone, or exits with
 * `heldByAnother` at once. Works across containers and does not mistake a recycled process id.
 */
export function holdingPrefix(directory: string): string[] {
  if (!holdsDirectories()) return [];
  return [
    'flock',
    '--nonblock',
    '--conflict-exit-code',
    String(heldByAnother),
    '--no-fork',
    directory,
  ];
}

/**
 * Words to put right before the program, inside the namespace: it gets SIGINT when this process dies, however it dies.
 *
 * On Linux the kernel sends it (to be started from the main thread); elsewhere a shell that waits at file descriptor 3.
 */
export function mortalPrefix(platform = process.platform): string[] {
  if (platform !== 'linux') return ['sh', '-c', watched, 'triptych'];
  return ['setpriv', '--pdeathsig', 'INT', 'sh', '-c', unlessOrphaned, String(process.pid)];
}

/** Null when PostgreSQL can run under this account as it is. */
function reasonForNamespace(): string | null {
  if (process.platform !== 'linux') return process.getuid?.() === 0 ? 'root' : null;
  if (process.getuid?.() === 0) return 'root';
  try {
    userInfo();
    return null;
  } catch {
    return `user id ${process.getuid?.()}, which has no passwd entry`;
  }
}
