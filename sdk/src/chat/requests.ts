/** Conversations of strangers, which wait for the person to accept them. */
import type { ChatServer } from './chat-server.js';

/** What strangers began. The device has it like every conversation; it is shown apart until it is accepted. */
export class Requests {
  readonly #server: ChatServer;

  constructor(server: ChatServer) {
    this.#server = server;
  }

  /** Ids of encrypted conversations that somebody began whom the person does not follow, and that nobody here accepted. */
  list(): Promise<string[]> {
    return this.#server.requests();
  }

  /** Has one be a conversation like all others, on all devices of the person; to answer does so as well. @throws {RefusedError} */
  accept(conversationId: string): Promise<void> {
    return this.#server.acceptRequest(conversationId);
  }
}
