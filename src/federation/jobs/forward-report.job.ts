/** Sends a report to the server of the reported, in the name of this server: who reports is not told. */
import { findActors } from '../../actors/actor.queries.js';
import { findReports } from '../../moderation/reports.queries.js';
import type { ReportId } from '../../moderation/report.js';
import { statement } from '../../platform/db/database.js';
import { OutsideUnavailable } from '../../platform/outside-unavailable.js';
import { defineJob } from '../../platform/jobs/job.js';
import { instanceActorUri } from '../addresses.js';
import { activity } from '../documents/activities.js';
import { HostDoor } from '../internal/host-door.js';
import { findRemoteActor } from '../resolve-actor.js';
import { instanceKey } from '../signing-keys.js';

const URIS = statement(
  'federation.uris_of_reported',
  'select uri from posts where id = any($1::uuid[]) and not is_local order by id',
);

/** The other server was down, or too busy: worth another try. */
class NotDelivered extends Error {}

const BUSY = new Set([401, 408, 425, 429]);

/** The same report has the same identity each time. What the other server refuses is not sent again. */
export const forwardReport = defineJob<{ reportId: ReportId }>(
  'forwardReport',
  async (context, { reportId }) => {
    const { config, database } = context;
    const [report] = await findReports(database, [reportId], null);
    const [target] = report ? await findActors(database, [report.targetId]) : [];
    const remote =
      target && target.domain !== null && (await findRemoteActor(database, target.uri));
    if (!report || !target || !remote || remote.isBarred) return;
    const rows = await database.rows<{ uri: string }>(URIS, [report.subjects.map(({ id }) => id)]);
    const flag = activity('Flag', instanceActorUri(config), {
      id: `${config.publicUrl.origin}/reports/${reportId}`,
      object: [target.uri, ...rows.map(({ uri }) => uri)],
      to: [target.uri],
      content: report.comment,
    });
    const letter = { inboxUrl: remote.inboxUrl, body: JSON.stringify(flag) };
    try {
      const door = new HostDoor(context, remote.host);
      const { status } = await door.deliver(letter, await instanceKey(context));
      if (status >= 500 || BUSY.has(status)) throw new NotDelivered(`Status ${status}.`);
    } catch (error) {
      if (error instanceof OutsideUnavailable && !error.isTemporary) return;
      throw error;
    }
  },
  { maxAttempts: 12, keyOf: ({ reportId }) => reportId },
);
