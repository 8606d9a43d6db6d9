/** A group of ts-mls as a value of the engine. */
import type { ClientState, LeafNode, RatchetTree } from 'ts-mls';
import { textOf } from '../crypto/bytes.js';
import { MlsRefusal, type Member, type MlsGroup } from './engine.js';

/** The state of ts-mls behind the interface. */
export class TsMlsGroup implements MlsGroup {
  readonly state: ClientState;
  readonly members: readonly Member[];
  readonly own: Member;

  constructor(state: ClientState, former?: TsMlsGroup) {
    this.state = state;
    const hasSameTree = former?.state.ratchetTree === state.ratchetTree;
    this.members = hasSameTree ? former.members : membersOf(state.ratchetTree);
    // A removed device has no leaf any more; who it was stays true.
    const own =
      this.members.find(({ leaf }) => leaf === state.privatePath.leafIndex) ?? former?.own;
    if (!own) throw new MlsRefusal('This device is not in the group.');
    this.own = own;
  }

  get groupId(): Uint8Array {
    return this.state.groupContext.groupId;
  }

  get epoch(): bigint {
    return this.state.groupContext.epoch;
  }

  get isActive(): boolean {
    return this.state.groupActiveState.kind === 'active';
  }

  get epochAuthenticator(): Uint8Array {
    return this.state.keySchedule.epochAuthenticator;
  }

  get hasProposals(): boolean {
    return Object.keys(this.state.unappliedProposals).length > 0;
  }
}

/** The state behind a group of this engine. */
export function stateOf(group: MlsGroup): ClientState {
  if (!(group instanceof TsMlsGroup)) throw new TypeError('A group of another engine.');
  return group.state;
}

/** Everybody in a tree. Leaves are at the even places. */
export function membersOf(tree: RatchetTree): Member[] {
  return tree.flatMap((node, index) =>
    node?.nodeType === 'leaf' ? [memberOf(node.leaf, index / 2)] : [],
  );
}

/** @throws {MlsRefusal} for a credential other than the name of an actor */
export function memberOf(node: LeafNode, leaf: number): Member {
  return { leaf, identity: identityOf(node), signatureKey: node.signaturePublicKey };
}

/** The actor that a leaf says it is of. @throws {MlsRefusal} */
export function identityOf({ credential }: LeafNode): string {
  if (!('identity' in credential) || credential.credentialType !== 'basic')
    throw new MlsRefusal('Only credentials that name an actor are understood here.');
  return textOf(credential.identity);
}
