/** Which files of other servers were looked at of late, and what they are. */

const MOST = 4_000;

/** The memory of one process: who seeks in a video does not have its beginning fetched again. */
export class KnownTypes {
  private readonly types = new Map<string, string>();

  /** Null when it was not looked at. */
  get(url: string): string | null {
    return this.types.get(url) ?? null;
  }

  /** Remembers, and gives the type back. */
  learn(url: string, type: string): string {
    this.types.delete(url);
    this.types.set(url, type);
    const [oldest] = this.types.keys();
    if (this.types.size > MOST && oldest !== undefined) this.types.delete(oldest);
    return type;
  }
}
