/**
 * Reads the journal in an order that never changes behind the reader: only events of transactions that
 * are older than every running one. What a running transaction withholds is read when it has ended.
 */
import { InvalidCursor } from '../db/page.js';
import { statement, type Database } from '../db/database.js';
import { decodeLiveCursor, encodeLiveCursor, type LiveEvent, type Position } from './live-event.js';

/** Events in order, and how far the journal is complete. */
export interface Batch {
  readonly events: readonly LiveEvent[];
  /** Everything before it was read. */
  readonly position: Position;
  /** There may be more at once: the batch was full. */
  readonly isFull: boolean;
  /** Committed events wait for an older transaction to end; nobody will notify of that. */
  readonly isWithheld: boolean;
}

/** A replay reaches back this far. */
export const REPLAY_SECONDS = 15 * 60;

/** A replay gives at most this many events. */
export const REPLAY_EVENTS = 1000;

const BATCH_SIZE = 200;

const COLUMNS = `e.xid::text as xid, e.seq::text as seq, e.name, array_to_json(e.topics) as topics, e.payload, e.created_at as "createdAt"`;
const HORIZON = 'select pg_snapshot_xmin(pg_current_snapshot()) as xmin';

const START = statement(
  'realtime.start',
  `select (${HORIZON})::text as horizon, (select system_identifier::text from pg_control_system()) as epoch`,
);
const END = statement(
  'realtime.end',
  'select pg_snapshot_xmax(pg_current_snapshot())::text as xid',
);
// What is withheld is asked once, and by the key: asked for each row, or of the whole journal, it cost more than all else.
const NEXT = statement(
  'realtime.next',
  `with horizon as materialized (${HORIZON}),
     withheld as materialized (select (select w.seq from events w
       where w.xid >= (select xmin from horizon) and cardinality(w.topics) > 0 order by w.xid, w.seq limit 1) as seq)
   select horizon.xmin::text as horizon, batch.*, withheld.seq is not null as "isWithheld"
   from horizon cross join withheld left join lateral (
     select ${COLUMNS} from events e
     where (e.xid, e.seq) > ($1::text::xid8, $2::bigint) and e.xid < horizon.xmin and cardinality(e.topics) > 0
     order by e.xid, e.seq limit ${BATCH_SIZE}) batch on true
   order by batch.seq is null, batch.xid::xid8, batch.seq::bigint`,
);
// Two indexes: what hundreds of people hear of would make hundreds of entries, and is found by its place.
const replayed = (isOfKind: string): string => `(select ${COLUMNS} from events e
     where (e.xid, e.seq) > ($1::text::xid8, $2::bigint) and e.xid < horizon.xmin and e.topics && $3::text[]
       and ${isOfKind}
     order by e.xid, e.seq limit ${REPLAY_EVENTS + 1})`;
const REPLAY = statement(
  'realtime.replay',
  `with horizon as materialized (${HORIZON}),
     origin as (select created_at from events where xid = $1::text::xid8 and seq = $2::bigint)
   select horizon.xmin::text as horizon, now() as "readAt", (select created_at from origin) as "originAt", batch.*
   from horizon left join lateral (
     ${replayed('cardinality(e.topics) <= 32')} union all ${replayed('cardinality(e.topics) > 32')}
     limit ${REPLAY_EVENTS + 1}) batch on true
   order by batch.xid::xid8, batch.seq::bigint`,
);

interface EventRow {
  readonly horizon: string;
  /** Null in the only row of an empty batch. */
  readonly xid: string | null;
  readonly seq: string;
  readonly name: string;
  readonly topics: readonly string[];
  readonly payload: object;
  readonly createdAt: Date;
}

interface NextRow extends EventRow {
  readonly isWithheld: boolean;
}

interface ReplayRow extends EventRow {
  readonly readAt: Date;
  /** Null when no event stands at the cursor's position. */
  readonly originAt: Date | null;
}

/** Reads the journal of one database cluster. */
export class JournalReader {
  private constructor(
    private readonly database: Database,
    private readonly epoch: string,
    /** Where the journal stood when the reader was opened. */
    readonly start: Position,
  ) {}

  /** Opens a reader at the end of the journal. */
  static async open(database: Database): Promise<JournalReader> {
    const row = await database.row<{ horizon: string; epoch: string }>(START);
    if (!row) throw new Error('The database does not tell its snapshot');
    return new JournalReader(database, row.epoch, { xid: BigInt(row.horizon), seq: 0n });
  }

  /** A position behind everything that is committed now, and behind what runs. */
  async end(): Promise<Position> {
    const row = await this.database.row<{ xid: string }>(END);
    return { xid: BigInt(row!.xid), seq: 0n };
  }

  /** The next events behind a position, in order. */
  async next(after: Position): Promise<Batch> {
    const rows = await this.database.rows<NextRow>(NEXT, [String(after.xid), String(after.seq)]);
    const events = this.toEvents(rows);
    const isFull = events.length === BATCH_SIZE;
    const position = isFull ? events.at(-1)! : { xid: BigInt(rows[0]!.horizon), seq: 0n };
    return { events, position, isFull, isWithheld: rows[0]!.isWithheld };
  }

  /**
   * Events of the topics behind a cursor, and the position up to which that is everything.
   *
   * @throws {InvalidCursor} when the cursor is of another database, too old, or too much has happened since
   */
  async replay(
    cursor: string,
    topics: readonly string[],
  ): Promise<Pick<Batch, 'events' | 'position'>> {
    const from = decodeLiveCursor(cursor);
    const rows = await this.database.rows<ReplayRow>(REPLAY, [
      String(from.xid),
      String(from.seq),
      topics,
    ]);
    const { horizon, readAt, originAt } = rows[0]!;
    const position = { xid: BigInt(horizon), seq: 0n };
    const isKnown = from.seq === 0n || originAt?.getTime() === from.atMs;
    const isOfThisJournal = from.epoch === this.epoch && from.xid <= position.xid && isKnown;
    const events = this.toEvents(rows);
    if (
      !isOfThisJournal ||
      readAt.getTime() - from.atMs > REPLAY_SECONDS * 1000 ||
      events.length > REPLAY_EVENTS
    ) {
      throw new InvalidCursor(
        'Too much has happened since this cursor: fetch anew, then subscribe without it.',
      );
    }
    return { events, position };
  }

  /** A cursor of a position that is no event's. */
  cursorAt(position: Position, now: Date): string {
    return encodeLiveCursor({ ...position, epoch: this.epoch, atMs: now.getTime() });
  }

  private toEvents(rows: readonly EventRow[]): LiveEvent[] {
    return rows.flatMap(({ xid, seq, name, topics, payload, createdAt }) => {
      if (xid === null) return [];
      const position = { xid: BigInt(xid), seq: BigInt(seq) };
      const cursor = this.cursorAt(position, createdAt);
      return [{ ...position, name, topics, payload, createdAt, cursor }];
    });
  }
}
