/** Encrypted messages as servers read them that know no hub: from one person to all others, as the draft has it. */
import type { DraftEnvelope } from '../../chat/draft-conversations.queries.js';
import { readMessageHeader } from '../../mls/message-header.js';
import type { Config } from '../../platform/config.js';
import { MLS_CONTEXT } from './mls-context.js';

const CONTEXT = ['https://www.w3.org/ns/activitystreams', MLS_CONTEXT] as const;
const SUMMARY =
  'This is an encrypted message. See https://swicg.github.io/activitypub-e2ee/ for clients that can read it.';

/** The Create of a message; nothing but who, when and to whom can be read of it. */
export function draftEnvelopeActivity(
  { publicUrl }: Config,
  { uri, senderUri, sentAt, recipients: to, ...envelope }: DraftEnvelope,
) {
  const { ciphertext, contextUri, conversationId } = envelope;
  const conversation = contextUri ?? `${publicUrl.origin}/conversations/${conversationId}`;
  return {
    '@context': CONTEXT,
    id: `${uri}/activity`,
    type: 'Create' as const,
    actor: senderUri,
    to,
    published: sentAt.toISOString(),
    object: {
      id: uri,
      type: ['Object', typeOf(envelope)],
      attributedTo: senderUri,
      to,
      published: sentAt.toISOString(),
      summary: SUMMARY,
      mediaType: 'message/mls',
      encoding: 'base64',
      content: ciphertext.toString('base64'),
      conversation,
      context: conversation,
    },
  };
}

function typeOf({ kind, ciphertext }: Pick<DraftEnvelope, 'kind' | 'ciphertext'>): string {
  if (kind === 'WELCOME') return 'Welcome';
  return readMessageHeader(ciphertext)?.framing === 'PUBLIC' ? 'PublicMessage' : 'PrivateMessage';
}
