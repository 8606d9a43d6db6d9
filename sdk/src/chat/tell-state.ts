/** Telling those who came in what was said of a conversation before them: they cannot read it. */
import { HeldError } from './held.js';
import type { Outbox } from './outbox.js';
import { UntrustedDeviceError } from './people.js';
import type { Session } from './session.js';

/** Says title, picture and timer again; the others know them already. @throws {NetworkError} what is said goes later */
export async function tellState(session: Session, outbox: Outbox, id: string): Promise<void> {
  const { title, picture, timerSeconds: seconds, timerVersion = 0 } = session.conversation(id);
  try {
    if (title !== null) await outbox.send(id, { kind: 'title', title });
    if (picture !== null) await outbox.send(id, { kind: 'picture', file: picture });
    if (timerVersion > 0) await outbox.send(id, { kind: 'timer', seconds });
  } catch (fault) {
    // Whoever may not write at the moment has let them in all the same.
    if (!(fault instanceof HeldError || fault instanceof UntrustedDeviceError)) throw fault;
  }
}
