/**
 * So many pieces of work at a time. One that takes long gives its slot to others and goes on beside them: who waits for
 * something that does not come holds up nobody.
 */
export class Slots {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  /** @param longMs after which work counts as long */
  constructor(
    count: number,
    private readonly longMs: number,
  ) {
    this.free = count;
  }

  /** Waits for a slot, then works. */
  async take<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.enter();
    let isHeld = true;
    const leave = (): void => {
      if (isHeld) this.leave();
      isHeld = false;
    };
    const timer = setTimeout(leave, this.longMs);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
      leave();
    }
  }

  private enter(): Promise<void> | void {
    if (this.free === 0) return new Promise((resolve) => this.waiting.push(resolve));
    this.free -= 1;
  }

  private leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free += 1;
  }
}
