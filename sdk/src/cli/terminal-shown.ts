/** What somebody at a terminal has seen of what holds conversations: /accept is about that, and nothing that came since. */
import type { KeyLogFinding } from '../chat/key-log-words.js';
import type { Doubt } from '../chat/records.js';

/** Doubts and findings that stand on the screen. */
export class Shown {
  #doubts: readonly Doubt[] = [];
  #findings: readonly KeyLogFinding[] = [];

  /** Something was shown. */
  add(doubts: readonly Doubt[], findings: readonly KeyLogFinding[] = []): void {
    this.#doubts = [...this.#doubts, ...doubts];
    this.#findings = [...this.#findings, ...findings];
  }

  /** All that was shown since this was asked last. */
  take(): { readonly doubts: readonly Doubt[]; readonly findings: readonly KeyLogFinding[] } {
    const taken = { doubts: this.#doubts, findings: this.#findings };
    [this.#doubts, this.#findings] = [[], []];
    return taken;
  }
}
