/** Sends a report to the server of the reported, in the name of this server: who reports is not told. */
import { findActors } from '../../actors/actor.queries.js';
import { findReports } from '../../moderation/reports.queries.js';
import type { ReportId } from '../../moderation/report.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import { instanceActorUri } from '../addresses.js';
import { activity } from '../documents/activities.js';
import { findRemoteActor } from '../resolve-actor.js';
import { sendAsServer } from '../send-activity.js';

const URIS = statement(
  'federation.uris_of_reported',
  'select uri from posts where id = any($1::uuid[]) and not is_local order by id',
);

/** The same report has the same identity each time. */
export const forwardReport = defineJob<{ reportId: ReportId }>(
  'forwardReport',
  async ({ config, database, clock }, { reportId }) => {
    const [report] = await findReports(database, [reportId], null);
    const [target] = report ? await findActors(database, [report.targetId]) : [];
    const remote =
      target && target.domain !== null && (await findRemoteActor(database, target.uri));
    if (!report || !target || !remote) return;
    const rows = await database.rows<{ uri: string }>(URIS, [report.subjects.map(({ id }) => id)]);
    const flag = activity('Flag', instanceActorUri(config), {
      id: `${config.publicUrl.origin}/reports/${reportId}`,
      object: [target.uri, ...rows.map(({ uri }) => uri)],
      to: [target.uri],
      content: report.comment,
    });
    const inbox = { inboxUrl: remote.inboxUrl, host: remote.host };
    const sending = { activity: flag, subjectId: reportId, inbox };
    await database.transaction((tx) => sendAsServer(tx, clock.now(), sending));
  },
  { keyOf: ({ reportId }) => reportId },
);
