/** Subscriptions of one socket that are on their way: what is asked after them is answered once they have begun. */

/** Lets the operations of a socket wait for the subscriptions before them. */
export class BeginningSubscriptions {
  private readonly beginning = new Set<Promise<void>>();

  /** Counts one as on its way. @returns what says that it has begun, or that it never will */
  add(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.beginning.add(promise);
    return () => {
      this.beginning.delete(promise);
      resolve();
    };
  }

  /** Resolves when none of those is on its way that are now. */
  async begun(): Promise<void> {
    await Promise.all(this.beginning);
  }
}
