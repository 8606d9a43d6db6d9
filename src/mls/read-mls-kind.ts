/** What bytes of MLS are, whatever they are called. */
import {
  readGroupInfoHeader,
  readMessageHeader,
  type GroupInfoHeader,
  type MlsMessageHeader,
} from './message-header.js';
import { readWelcomeRefs } from './welcome-refs.js';

/** One of the messages that travel between servers. */
export type MlsKind =
  | { readonly kind: 'WELCOME'; readonly refs: readonly Uint8Array[] }
  | { readonly kind: 'GROUP_INFO'; readonly header: GroupInfoHeader }
  | { readonly kind: 'MESSAGE'; readonly header: MlsMessageHeader };

/** What an `MLSMessage` is; null for anything else. */
export function readMlsKind(bytes: Uint8Array): MlsKind | null {
  const header = readMessageHeader(bytes);
  if (header) return { kind: 'MESSAGE', header };
  const refs = readWelcomeRefs(bytes);
  if (refs) return { kind: 'WELCOME', refs };
  const groupInfo = readGroupInfoHeader(bytes);
  return groupInfo && { kind: 'GROUP_INFO', header: groupInfo };
}
