/** Placing messages together: what comes while others are being placed waits, and is then placed in one transaction. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { CommandContext } from '../../platform/context.js';
import { DatabaseBusy } from '../../platform/db/database-busy.js';
import type { Database, Transaction } from '../../platform/db/database.js';
import { installRoutine } from '../../platform/db/routine.js';
import { chatEnvelopeAccepted, serversBehind } from '../chat.events.js';
import { messageRateOf, requireMessageRate, type MessageRate } from './message-rate.js';
import { PLACE, valuesFor, type Placed, type Placing } from './placing.js';
import { PLACING } from './placing-routine.js';

/** So many at once, and so many characters of what they carry; a single one may have more. */
const MOST = 100;
const MOST_LENGTH = 4 * 1024 * 1024;

/** Nobody's transaction: what is done for many belongs to none of them. */
const outside = AsyncLocalStorage.snapshot();

interface Waiting {
  readonly placing: Placing;
  readonly resolve: (placed: Placed) => void;
  readonly reject: (error: unknown) => void;
}

/** The messages of one process that wait for their places, of the same rate. */
class Line {
  private waiting: Waiting[] = [];
  private isUnderWay = false;

  constructor(
    private readonly database: Database,
    private readonly rate: MessageRate,
  ) {}

  place(placing: Placing): Promise<Placed> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ placing, resolve, reject });
      if (this.isUnderWay) return;
      this.isUnderWay = true;
      setImmediate(() => void outside(() => this.placeAll()));
    });
  }

  private async placeAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.nextOnes();
      try {
        const placed = await this.together(batch.map(({ placing }) => placing));
        for (const one of placed) batch[one.place]!.resolve(one);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.isUnderWay = false;
  }

  /** One of each conversation, and of each client id: the next one is judged by what this one has changed. */
  private nextOnes(): Waiting[] {
    const taken = new Set<string>();
    const batch: Waiting[] = [];
    let length = 0;
    this.waiting = this.waiting.filter((one) => {
      const { conversationId, senderId, clientMessageId, data } = one.placing;
      const names = [conversationId, `${senderId} ${clientMessageId}`];
      const isFull =
        batch.length === MOST || (batch.length > 0 && length + data.length > MOST_LENGTH);
      if (isFull || names.some((name) => taken.has(name))) return true;
      for (const name of names) taken.add(name);
      length += data.length;
      batch.push(one);
      return false;
    });
    return batch;
  }

  private async together(all: readonly Placing[]): Promise<Placed[]> {
    const asked = [PLACE, valuesFor(all, new Date(), this.rate)] as const;
    const [placed] = await this.database.pipelined([asked]);
    return placed as Placed[];
  }
}

const lines = new WeakMap<Database, Line>();
const installed = new WeakMap<Database, Promise<void>>();

/** Sees to it once that messages can be placed; what failed is tried anew by who comes next. */
function prepare(database: Database): Promise<void> {
  const known = installed.get(database);
  if (known) return known;
  const installing = installRoutine(database.pool, PLACING).catch((error: unknown) => {
    installed.delete(database);
    throw error;
  });
  installed.set(database, installing);
  return installing;
}

/**
 * Gives a message its place, when its sender may write it; it is there for good, and told of, when this returns. Counts it,
 * unless that was done.
 *
 * @returns never BUSY or FOR_OTHERS
 * @throws {RateLimited} RATE_LIMITED, where it is not a verdict
 */
export async function placeMessage(context: CommandContext, placing: Placing): Promise<Placed> {
  const { database, config } = context;
  await prepare(database);
  if (database.isInTransaction) return placeCounted(context, placing);
  let line = lines.get(database);
  if (!line) lines.set(database, (line = new Line(database, messageRateOf(config))));
  try {
    const placed = await line.place(placing);
    if (placed.verdict !== 'BUSY' && placed.verdict !== 'FOR_OTHERS') return placed;
  } catch (error) {
    if (error instanceof DatabaseBusy) throw error;
    // Whatever it was may be another one's fault; what has its place in spite of it is found by its client id. The routine
    // goes where two newer versions of this server have come since.
    installed.delete(database);
    await prepare(database);
    return placeCounted(context, placing);
  }
  return placeAlone(context, placing);
}

async function placeCounted(context: CommandContext, placing: Placing): Promise<Placed> {
  const { senderId, isCounted, data } = placing;
  if (!isCounted) await requireMessageRate(context, senderId, Buffer.byteLength(data, 'base64'));
  return placeAlone(context, placing);
}

/** Waits for whoever changes the conversation, and tells servers of others. */
async function placeAlone({ database }: CommandContext, placing: Placing): Promise<Placed> {
  return database.transaction(async (tx) => {
    const placed = (await tx.row<Placed>(PLACE, valuesFor([placing], new Date(), null)))!;
    if (placed.verdict === 'PLACED') await tell(tx, placing, placed);
    return placed;
  });
}

async function tell(
  tx: Transaction,
  { conversationId, id, senderId }: Placing,
  { audience, isOutside, hasNoHub }: Placed,
): Promise<void> {
  const fact = { conversationId, messageId: id, senderId, memberIds: audience! };
  await tx.append(chatEnvelopeAccepted, { ...fact, isToldToEach: hasNoHub });
  if (isOutside) await tx.append(serversBehind, { conversationId, isStateNew: false });
}
