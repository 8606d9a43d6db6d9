/** Reading what others sent: who it is from, what it says, and whether it may. */
import {
  decodeMlsMessage,
  emptyPskIndex,
  processMessage,
  type CiphersuiteImpl,
  type IncomingMessageCallback,
  type MlsPrivateMessage,
  type MlsPublicMessage,
  type ProposalWithSender,
} from 'ts-mls';
import { decryptSenderData } from 'ts-mls/privateMessage.js';
import { MlsRefusal, type Member, type Received } from './engine.js';
import { membersOf, TsMlsGroup } from './ts-mls-group.js';
import { whole } from './ts-mls-messages.js';
import { renewedAbove, requireRightKeys } from './ts-mls-path.js';
import { requireDifferentKeys } from './ts-mls-tree.js';
import {
  differenceOf,
  faultOf,
  requireCapable,
  requireFew,
  requireKeptKeys,
  requireReturn,
  requireSameIdentities,
} from './ts-mls-policy.js';

type Message = MlsPrivateMessage | MlsPublicMessage;

/** @throws {MlsRefusal} */
export async function receive(
  group: TsMlsGroup,
  bytes: Uint8Array,
  suite: CiphersuiteImpl,
): Promise<Received> {
  const message = whole(decodeMlsMessage, bytes);
  if (message.wireformat !== 'mls_private_message' && message.wireformat !== 'mls_public_message')
    throw new MlsRefusal('Not a message to a group.');
  const sender = await senderOf(group, message, suite);
  let fault: string | null = null;
  let kind: 'commit' | 'proposal' | null = null;
  let proposals: readonly ProposalWithSender[] = [];
  const decide: IncomingMessageCallback = (incoming) => {
    kind = incoming.kind;
    if (incoming.kind === 'commit') proposals = incoming.proposals;
    fault = faultOf(incoming);
    return fault === null ? 'accept' : 'reject';
  };
  const result = await processMessage(message, group.state, emptyPskIndex, decide, suite);
  if (fault !== null) throw new MlsRefusal(fault);
  const next = new TsMlsGroup(result.newState, group);
  const epoch = epochOf(message);
  const common = { epoch, next, spent: result.consumed };
  if (result.kind === 'applicationMessage')
    return {
      ...common,
      kind: 'application',
      sender: requireSender(sender),
      data: result.message,
      authenticatedData: authenticatedDataOf(message),
    };
  if (kind === 'proposal') return { ...common, kind: 'proposal', sender: requireSender(sender) };
  return { ...common, kind: 'commit', ...judged(group, next, sender, proposals) };
}

/** Who came and went by a commit, once it is sure that it was allowed. */
function judged(
  group: TsMlsGroup,
  next: TsMlsGroup,
  sender: Member | null,
  proposals: readonly ProposalWithSender[],
): {
  sender: Member;
  isReturn: boolean;
  added: readonly Member[];
  removed: readonly Member[];
} {
  const [before, after] = [group.members, next.members];
  requireFew(after);
  requireSameIdentities(before, after);
  if (sender) requireKeptKeys(before, after, proposals);
  else requireReturn(before, after);
  if (next.isActive) requireRightNext(group, next);
  const returned = sender ?? returnedOf(before, after, proposals);
  return { sender: returned, isReturn: !sender, ...differenceOf(before, after) };
}

/** What ts-mls leaves to its caller about the tree after a commit. */
function requireRightNext({ state: before }: TsMlsGroup, { state, own }: TsMlsGroup): void {
  const { ratchetTree, privatePath } = state;
  for (const node of ratchetTree) if (node?.nodeType === 'leaf') requireCapable(node.leaf);
  requireDifferentKeys(ratchetTree);
  const places = renewedAbove(before.ratchetTree, ratchetTree, own.leaf);
  requireRightKeys(ratchetTree, privatePath, places);
}

/** The device that came in with a commit from outside. */
function returnedOf(
  before: readonly Member[],
  after: readonly Member[],
  proposals: readonly ProposalWithSender[],
): Member {
  const [fresh] = differenceOf(before, after).added;
  if (fresh) return fresh;
  const [removed] = proposals.flatMap(({ proposal }) =>
    'remove' in proposal ? [proposal.remove.removed] : [],
  );
  const former = before.find(({ leaf }) => leaf === removed);
  const now = after.find(
    (member) =>
      former !== undefined &&
      member.identity === former.identity &&
      member.signatureKey.every((byte, index) => byte === former.signatureKey[index]),
  );
  return requireSender(now ?? null);
}

const epochOf = (message: Message): bigint =>
  message.wireformat === 'mls_private_message'
    ? message.privateMessage.epoch
    : message.publicMessage.content.epoch;

const authenticatedDataOf = (message: Message): Uint8Array =>
  message.wireformat === 'mls_private_message'
    ? message.privateMessage.authenticatedData
    : message.publicMessage.content.authenticatedData;

/** Whom a message is from, by its leaf: nobody can say to be another member. Null = somebody from outside. */
async function senderOf(
  group: TsMlsGroup,
  message: Message,
  suite: CiphersuiteImpl,
): Promise<Member | null> {
  if (message.wireformat === 'mls_public_message') {
    const { sender } = message.publicMessage.content;
    if (sender.senderType !== 'member') return null;
    return requireSender(group.members.find(({ leaf }) => leaf === sender.leafIndex) ?? null);
  }
  const { privateMessage } = message;
  const { state } = group;
  const former = state.historicalReceiverData.get(privateMessage.epoch);
  const isNow = privateMessage.epoch === state.groupContext.epoch;
  if (!isNow && !former) throw new MlsRefusal('A message of an epoch that is not known here.');
  const secret = isNow ? state.keySchedule.senderDataSecret : former!.senderDataSecret;
  const members = isNow ? group.members : membersOf(former!.ratchetTree);
  const data = await decryptSenderData(privateMessage, secret, suite);
  return requireSender(members.find(({ leaf }) => leaf === data?.leafIndex) ?? null);
}

function requireSender(sender: Member | null): Member {
  if (!sender) throw new MlsRefusal('A message of nobody in the group.');
  return sender;
}
