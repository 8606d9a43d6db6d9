/** Whether this process should get traffic, and why not. Probes read it; the start and the stop move it. */

/** Where a process stands between its start and its end. */
export type ReadinessState =
  | { readonly phase: 'starting' }
  | { readonly phase: 'waiting-for-database' }
  | { readonly phase: 'migrating'; readonly done: number; readonly total: number }
  | { readonly phase: 'ready' }
  | { readonly phase: 'draining' };

/** The state of this process, as far as it knows it itself. */
export class Readiness {
  private current: ReadinessState = { phase: 'starting' };

  /** Where it stands now. */
  get state(): ReadinessState {
    return this.current;
  }

  /** Moves on; draining is final. */
  enter(state: ReadinessState): void {
    if (this.current.phase !== 'draining') this.current = state;
  }
}
