/** What is refused although MLS, or ts-mls, would let it pass. */
import type { Extension, IncomingMessageCallback, LeafNode, ProposalWithSender } from 'ts-mls';
import { extensionsSupportedByCapabilities } from 'ts-mls/extension.js';
import { isSame } from '../crypto/bytes.js';
import { MlsRefusal, type Member } from './engine.js';
import { SUITE_NAME } from './ts-mls-config.js';

type Incoming = Parameters<IncomingMessageCallback>[0];

/** Nothing but members coming, going and renewing their keys; `external_init` is that of a device that comes back. */
const ALLOWED: readonly unknown[] = ['add', 'remove', 'update'];

/** What is wrong with proposals; null = nothing. */
export function faultOf(incoming: Incoming): string | null {
  const proposals = incoming.kind === 'commit' ? incoming.proposals : [incoming.proposal];
  const isFromOutside = incoming.kind === 'commit' && incoming.senderLeafIndex === undefined;
  const bad = proposals.find((proposal) => !isAllowed(proposal, isFromOutside));
  if (bad) return `Proposals of type ${bad.proposal.proposalType} are not understood here.`;
  if (incoming.kind === 'proposal' && incoming.proposal.senderLeafIndex === undefined)
    return 'Nobody from outside of the group may propose.';
  return null;
}

function isAllowed({ proposal }: ProposalWithSender, isFromOutside: boolean): boolean {
  if (isFromOutside) return ['remove', 'external_init'].includes(String(proposal.proposalType));
  return ALLOWED.includes(proposal.proposalType);
}

/** What a leaf has to be able to do. @throws {MlsRefusal} */
export function requireCapable({ capabilities, extensions }: LeafNode): void {
  const { versions, ciphersuites, credentials } = capabilities;
  const isCapable =
    versions.includes('mls10') &&
    ciphersuites.includes(SUITE_NAME) &&
    credentials.includes('basic');
  if (!isCapable) throw new MlsRefusal('A device that does not speak the suite of the group.');
  if (!extensionsSupportedByCapabilities([...extensions], capabilities))
    throw new MlsRefusal('A device that does not name what it is extended by.');
  requireOneOfEach(extensions);
}

/** @source RFC 9420 §13.4 @throws {MlsRefusal} */
export function requireOneOfEach(extensions: readonly Extension[]): void {
  if (new Set(extensions.map(({ extensionType }) => extensionType)).size < extensions.length)
    throw new MlsRefusal('The same extension twice.');
}

/** Who came and who went between two trees; a place with another key was left and taken again. */
export function differenceOf(
  before: readonly Member[],
  after: readonly Member[],
): { readonly added: Member[]; readonly removed: Member[] } {
  const lacks = (list: readonly Member[], { signatureKey }: Member): boolean =>
    !list.some((member) => isSame(member.signatureKey, signatureKey));
  return {
    added: after.filter((member) => lacks(before, member)),
    removed: before.filter((member) => lacks(after, member)),
  };
}

/** No group has more devices, or people. */
const MOST = { devices: 1000, people: 250 };

/** What follows from a group, as whose devices they are, costs as much as it has members. @throws {MlsRefusal} */
export function requireFew(members: readonly Member[]): void {
  const people = new Set(members.map(({ identity }) => identity));
  if (members.length > MOST.devices || people.size > MOST.people)
    throw new MlsRefusal('More members than any group has.');
}

/** Nobody becomes somebody else: a device keeps its key and its actor for as long as it is in a group. @throws {MlsRefusal} */
export function requireSameIdentities(before: readonly Member[], after: readonly Member[]): void {
  for (const member of after) {
    const former = before.find(({ signatureKey }) => isSame(signatureKey, member.signatureKey));
    if (former && former.identity !== member.identity)
      throw new MlsRefusal(`A device of ${former.identity} says it is of ${member.identity}.`);
  }
}

/**
 * A commit from outside may only bring back a device that was there, or bring in one more of an actor who has one there, and
 * take nobody out. @throws {MlsRefusal}
 */
export function requireReturn(before: readonly Member[], after: readonly Member[]): void {
  const { added, removed } = differenceOf(before, after);
  const areTheirs = added.every(({ identity }) => before.some((it) => it.identity === identity));
  if (added.length > 1 || !areTheirs || removed.length > 0)
    throw new MlsRefusal(
      'Somebody from outside of the group tried to come in, or to remove another.',
    );
}

/** A member may change its own leaf, but not the key that names the device. @throws {MlsRefusal} */
export function requireKeptKeys(
  before: readonly Member[],
  after: readonly Member[],
  proposals: readonly ProposalWithSender[],
): void {
  const free = new Set(
    proposals.flatMap(({ proposal }) => ('remove' in proposal ? [proposal.remove.removed] : [])),
  );
  for (const { leaf, signatureKey } of before) {
    if (free.has(leaf)) continue;
    const now = after.find((member) => member.leaf === leaf);
    if (!now || !isSame(now.signatureKey, signatureKey))
      throw new MlsRefusal('A device changed the key that names it.');
  }
}
