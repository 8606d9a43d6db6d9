/** A request for something that stands on another server. */
import type { Request, Response } from 'express';
import type { SignedTerm } from '../../media-url.js';
import type { MediaId } from '../../media.entity.js';
import type { ByteBudget } from './byte-budget.js';
import type { RemotePlace } from './places.js';
import type { RemoteKind } from '../../remote-video-url.js';

/** What is asked for, and may be. */
export interface RemoteRequest {
  readonly mediaId: MediaId;
  readonly kind: RemoteKind;
  readonly url: string;
  readonly term: SignedTerm;
  /** Hosts, with their ports, that the video names, and that of its author. */
  readonly hosts: ReadonlySet<string>;
  /** Of the video; null = not known. */
  readonly durationMs: number | null;
  readonly budget: ByteBudget;
  readonly place: RemotePlace;
  readonly request: Request;
  readonly response: Response;
  /** Ends when the viewer leaves. */
  readonly signal: AbortSignal;
}
