/** The bytes of a commit with what comes with it, as far as a server can read them. */
import { readGroupInfoHeader, type MlsMessageHeader } from '../../mls/message-header.js';
import { readWelcomeRefs } from '../../mls/welcome-refs.js';
import { Invalid } from '../../platform/errors.js';
import { MlsMismatch } from '../mls.errors.js';
import type { EncryptedGroup } from './encrypted-group.js';
import { requireBytes, requireMlsMessage, requireOfGroup } from './mls-input.js';

/** What was sent. */
export interface SentCommit {
  readonly epoch: number;
  readonly commit: Buffer;
  readonly welcome: Buffer | null;
  readonly groupInfo: Buffer | null;
}

/** What it says of itself. */
export interface CommitBytes {
  readonly header: MlsMessageHeader;
  /** Key packages of the devices that it lets in. */
  readonly refs: readonly Uint8Array[];
  readonly groupInfo: { readonly groupId: Uint8Array; readonly epoch: bigint } | null;
  /** The device that sends it lets itself in. */
  readonly isExternal: boolean;
}

/** How much was sent. */
export function bytesOf({ commit, welcome, groupInfo }: SentCommit): number {
  return commit.length + (welcome?.length ?? 0) + (groupInfo?.length ?? 0);
}

/** @throws {Invalid} INVALID_INPUT for bytes that are not what they should be, or too many */
export function readCommit(
  { commit, welcome, groupInfo }: SentCommit,
  mostBytes: number,
): CommitBytes {
  const header = requireMlsMessage(commit, mostBytes, ['commit']);
  if (header.content !== 'COMMIT')
    throw new Invalid('This is no commit.', ['commit'], 'MLS_CONTENT');
  const isExternal = header.sender === 'NEW_MEMBER_COMMIT';
  if (!isExternal && header.sender !== null && header.sender !== 'MEMBER')
    throw new Invalid('A commit comes from a device of the group.', ['commit'], 'MLS_SENDER');
  return {
    header,
    isExternal,
    refs: welcome ? refsOf(welcome, mostBytes) : [],
    groupInfo: groupInfo ? infoOf(groupInfo, mostBytes) : null,
  };
}

/** @throws {MlsMismatch} MLS_MISMATCH when the bytes are of another group or epoch than is said */
export function requireCommitOf(
  { header, groupInfo }: CommitBytes,
  { epoch }: SentCommit,
  group: EncryptedGroup,
): void {
  requireOfGroup(header, group, ['commit']);
  if (header.epoch !== BigInt(epoch))
    throw new MlsMismatch('The commit is of another epoch.', ['epoch'], group.epoch);
  if (!groupInfo) return;
  requireOfGroup(groupInfo, group, ['groupInfo']);
  if (groupInfo.epoch !== BigInt(epoch) + 1n)
    throw new MlsMismatch('The GroupInfo is not of the next epoch.', ['groupInfo'], group.epoch);
}

function refsOf(welcome: Buffer, most: number): readonly Uint8Array[] {
  requireBytes(welcome, most, ['welcome']);
  const refs = readWelcomeRefs(welcome);
  if (!refs) throw new Invalid('This is no Welcome.', ['welcome'], 'MLS_MESSAGE');
  return refs;
}

function infoOf(groupInfo: Buffer, most: number): CommitBytes['groupInfo'] {
  requireBytes(groupInfo, most, ['groupInfo']);
  const header = readGroupInfoHeader(groupInfo);
  if (!header) throw new Invalid('This is no GroupInfo.', ['groupInfo'], 'MLS_MESSAGE');
  return header;
}
