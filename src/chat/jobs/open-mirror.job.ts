/** Begins the mirror of a conversation that somebody here is let into. */
import { defineJob } from '../../platform/jobs/job.js';
import { openMirror, type OfferedConversation } from '../open-mirror.js';

/** Repeats find it begun. The hub may be down at this very moment: then it is tried again. */
export const openMirrorHere = defineJob<OfferedConversation>(
  'openMirrorHere',
  (context, offered) => openMirror(context, offered),
  { asksOutside: true, queueOf: ({ uri }) => uri },
);
