/** The logs of other servers as a whole, for whoever answers for this one. */
import { statement, type Database, type Reader } from '../platform/db/database.js';
import type { KeyLogContradictionKind, WrittenHead } from './remote-key-log.js';

/** A log that is known here. */
export interface KnownKeyLog {
  readonly origin: string;
  /** Null = it was shown, and never found right. */
  readonly head: WrittenHead | null;
  /** When the kept head was shown. */
  readonly seenAt: Date | null;
  readonly contradictions: readonly {
    readonly kind: KeyLogContradictionKind;
    /** ActivityPub id; null where it is about the log itself. */
    readonly actor: string | null;
    readonly keptHead: WrittenHead | null;
    readonly shownHead: WrittenHead | null;
    readonly foundAt: string;
  }[];
}

const LIST = statement(
  'remote_key_logs.list',
  `select origin, log.head, log.seen_at as "seenAt", coalesce(found.all, '[]') as contradictions
   from remote_key_logs log full join (
     select origin, jsonb_agg(jsonb_build_object('kind', one.kind, 'actor', a.uri, 'keptHead', one.kept_head,
       'shownHead', one.shown_head, 'foundAt', one.found_at) order by one.found_at, one.digest) as all
     from remote_key_log_contradictions one left join actors a on a.id = one.actor_id group by origin) found using (origin)
   order by found.all is null, origin limit 10000`,
);
const FORGET_LOG = statement(
  'remote_key_logs.forget',
  'delete from remote_key_logs where origin = $1 returning origin',
);
const FORGET_READS = statement(
  'remote_key_log_reads.forget',
  'delete from remote_key_log_reads where origin = $1 returning origin',
);
const FORGET_CONTRADICTIONS = statement(
  'remote_key_log_contradictions.forget',
  'delete from remote_key_log_contradictions where origin = $1 returning origin',
);

/** All of them, those with something that does not fit first. */
export function listKeyLogs(reader: Reader): Promise<KnownKeyLog[]> {
  return reader.rows<KnownKeyLog>(LIST, []);
}

/** Forgets what is known of a log, its key too: the next one that its server shows is believed. @returns whether anything was */
export async function forgetKeyLog(
  database: Pick<Database, 'transaction'>,
  origin: string,
): Promise<boolean> {
  return database.transaction(async (tx) => {
    const gone = [];
    for (const forget of [FORGET_LOG, FORGET_READS, FORGET_CONTRADICTIONS])
      gone.push(...(await tx.rows(forget, [origin])));
    return gone.length > 0;
  });
}
