/**
 * Messages as other servers read them: a Note that is addressed to named people only, each of whom it mentions, as
 * Mastodon asks of a direct message. @source Mastodon; litepub directMessage; Pixelfed
 */
import type { Config } from '../../platform/config.js';
import type { FederatedMessage } from '../federated-message.queries.js';
import { CONTEXT } from './context.js';
import { mention, type Addressees } from './note-document.js';

/** Whom a message is for. */
export function readersOf({ readers }: FederatedMessage): Addressees {
  return { to: readers.map(({ uri }) => uri), cc: [] };
}

/** The object alone, as it is embedded in activities. */
export function messageOf({ publicUrl }: Config, message: FederatedMessage): object {
  const conversation = `${publicUrl.origin}/conversations/${message.conversationId}`;
  return {
    id: message.uri,
    type: 'Note',
    attributedTo: message.senderUri,
    ...readersOf(message),
    published: message.sentAt.toISOString(),
    inReplyTo: message.inReplyTo,
    conversation,
    context: conversation,
    directMessage: true,
    summary: null,
    sensitive: false,
    content: message.contentHtml,
    ...(message.contentSource !== null && {
      source: { content: message.contentSource, mediaType: 'text/markdown' },
    }),
    attachment: [],
    tag: message.readers.map((reader) => mention(publicUrl.host, reader)),
  };
}

/** The object as a document of its own. */
export function messageDocument(config: Config, message: FederatedMessage): object {
  return { '@context': CONTEXT, ...messageOf(config, message) };
}
