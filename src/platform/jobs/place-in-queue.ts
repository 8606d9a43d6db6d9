/** Where jobs of one name stand among their like. */
import { statement, type Reader } from '../db/database.js';

const WAITING = `from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
  where t.identifier = $1 and j.locked_at is null and j.attempts < j.max_attempts`;

const PLACE = statement(
  'jobs.place_in_queue',
  `select places.place from (
     select j.payload ->> $2 as subject, (row_number() over (order by j.priority, j.run_at, j.id))::int as place ${WAITING}) places
   where places.subject = $3 order by places.place limit 1`,
);
const FIRST = statement(
  'jobs.first_in_queue',
  `select j.payload ->> $2 as subject ${WAITING} order by j.priority, j.run_at, j.id limit 100`,
);

/** What jobs of one name are about: the field of their input that says so. */
export interface QueueOfJobs {
  readonly job: string;
  readonly field: string;
}

/** Place of the job about this subject, 1 = next; null when none waits. */
export async function placeInQueue(
  reader: Reader,
  { job, field }: QueueOfJobs,
  subject: string,
): Promise<number | null> {
  const found = await reader.row<{ place: number }>(PLACE, [job, field, subject]);
  return found?.place ?? null;
}

/** Subjects of the first 100 jobs that wait, in their order. */
export async function firstInQueue(reader: Reader, { job, field }: QueueOfJobs): Promise<string[]> {
  const rows = await reader.rows<{ subject: string }>(FIRST, [job, field]);
  return rows.map(({ subject }) => subject);
}
