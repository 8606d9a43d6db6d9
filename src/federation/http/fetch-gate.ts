/**
 * Who asks for a document, as far as a signature proves it. What everybody may see is given to whoever asks, as long as
 * nobody turned them away; all else to the actor that may see it.
 */
import type { Request, Response } from 'express';
import type { ActorId } from '../../actors/actor.entity.js';
import type { Services } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { blockedBetween } from '../../posts/visibility.js';
import { BadSignature, isSigned, type SignedRequest } from '../internal/http-signature.js';
import { RefusedServer } from '../internal/refused-server.js';
import { TooBusy, TooMany, type SenderMemory } from '../internal/sender-memory.js';
import { findSender, verifySender } from '../internal/verify-sender.js';
import type { RemoteActor } from '../resolve-actor.js';
import { refuse, refuseMissing } from './answers.js';
import { refuseSender } from './sender-refusals.js';

/** Who asks; null = nobody in particular. */
export interface Requester {
  readonly actorId: ActorId | null;
}

/**
 * What is asked for. PUBLIC is what everybody may see: whose key is not known here is then not asked who they are, so
 * that nobody waits for us while we wait for them.
 */
export type Asked = 'PUBLIC' | 'RESTRICTED';

/** What somebody may see of what they asked for. */
export interface Seen<Found> {
  readonly found: Found;
  /** Who asked; null = nobody in particular. */
  readonly actorId: ActorId | null;
  /** Everybody may see it. */
  readonly isForAll: boolean;
}

/** Whoever asks is somebody that the staff turned away. */
class Unwelcome extends Error {}

const NOBODY: Requester = { actorId: null };
const BLOCKED = statement(
  'federation.blocked_requester',
  `select ${blockedBetween('$1::uuid', '$2::uuid')} as "isBlocked"`,
);

/** The one place where questions for documents are let in. */
export class FetchGate {
  private readonly mustSign: boolean;

  constructor(
    private readonly services: Services,
    private readonly memory: SenderMemory,
  ) {
    this.mustSign = services.config.signedFetch === 'required';
  }

  /** Who asks; null once they are refused. */
  async admit(request: Request, response: Response, asked: Asked): Promise<Requester | null> {
    varyBySigner(response);
    try {
      return await this.prove(request, asked);
    } catch (error) {
      if (error instanceof Unwelcome)
        refuse(this.services, response, 403, {
          code: 'FORBIDDEN',
          message: 'This server does not answer you.',
        });
      else refuseSender(this.services, response, error);
      return null;
    }
  }

  /**
   * What is asked for, as `find` has it for whoever may see it: null = nothing. What is not for everybody is given to the
   * actor that may see it; all others are told what they would be told if it did not exist, and whoever asks is asked who
   * they are in both cases. Null once they are refused.
   */
  async admitToSeen<Found>(
    request: Request,
    response: Response,
    find: (viewerId: ActorId | null) => Promise<Found | null>,
  ): Promise<Seen<Found> | null> {
    const open = await find(null);
    const requester = await this.admit(request, response, open ? 'PUBLIC' : 'RESTRICTED');
    if (!requester) return null;
    const { actorId } = requester;
    const found = actorId === null ? open : await find(actorId);
    if (found) return { found, actorId, isForAll: open !== null };
    refuseMissing(this.services, response);
    return null;
  }

  /**
   * As `admit`, for what is about an actor of ours and PUBLIC: who is blocked by the actor, or blocks it, is told that
   * there is no such thing.
   */
  async admitTo(actorId: ActorId, request: Request, response: Response): Promise<boolean> {
    const requester = await this.admit(request, response, 'PUBLIC');
    if (!requester) return false;
    const isBlocked = await this.isBlocked(actorId, requester);
    if (isBlocked) refuseMissing(this.services, response);
    return !isBlocked;
  }

  /** As `admitTo`, for what only a proven actor gets; null once they are refused. */
  async admitKnown(
    ownerId: ActorId | null,
    request: Request,
    response: Response,
  ): Promise<ActorId | null> {
    const requester = await this.admit(request, response, 'RESTRICTED');
    if (!requester) return null;
    const { actorId } = requester;
    if (ownerId !== null && actorId !== null && !(await this.isBlocked(ownerId, requester)))
      return actorId;
    refuseMissing(this.services, response);
    return null;
  }

  /** Whether somebody gets the whole document of an actor of ours; everybody gets its key. */
  async isTrusted(actorId: ActorId, request: Request, response: Response): Promise<boolean> {
    varyBySigner(response);
    try {
      return !(await this.isBlocked(actorId, await this.prove(request, 'PUBLIC')));
    } catch (error) {
      const isRefusal = [Unwelcome, RefusedServer, BadSignature, TooBusy, TooMany].some(
        (kind) => error instanceof kind,
      );
      if (isRefusal) return false;
      throw error;
    }
  }

  private async prove(request: Request, asked: Asked): Promise<Requester> {
    const { method, originalUrl: target, headers } = request;
    const signed: SignedRequest = { method, target, headers, body: null };
    if (!isSigned(signed)) {
      if (this.mustSign) throw new BadSignature('Sign the request.');
      return NOBODY;
    }
    this.memory.countAddress(request.ip ?? '');
    const actor = await this.signerOf(signed, asked);
    if (!actor) return NOBODY;
    this.memory.countHost(actor.host);
    if (actor.status === 'SUSPENDED' || actor.status === 'DELETED') throw new Unwelcome();
    return { actorId: actor.actorId };
  }

  /** Null for whoever has not proven to be anybody, where that is no reason to refuse. */
  private async signerOf(signed: SignedRequest, asked: Asked): Promise<RemoteActor | null> {
    if (this.mustSign) return verifySender(this.services, this.memory, signed);
    try {
      return asked === 'PUBLIC'
        ? await findSender(this.services, this.memory, signed)
        : await verifySender(this.services, this.memory, signed);
    } catch (error) {
      if (error instanceof BadSignature) return null;
      throw error;
    }
  }

  private async isBlocked(ownerId: ActorId, { actorId }: Requester): Promise<boolean> {
    if (actorId === null) return false;
    const values = [ownerId, actorId];
    const row = await this.services.database.row<{ isBlocked: boolean }>(BLOCKED, values);
    return row?.isBlocked === true;
  }
}

/** Caches keep what one is given apart from what another is, or from nothing. */
function varyBySigner(response: Response): void {
  response.vary('Accept, Signature, Signature-Input');
}
