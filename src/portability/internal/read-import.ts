/** From a file to what its lines mean. A line that means nothing costs only itself. */
import { Invalid } from '../../platform/errors.js';
import type { ImportSource } from '../import-row.js';
import { readDomain } from '../../platform/domain-name.js';
import { parseCsv, type CsvRecord } from '../../platform/parse-csv.js';

/** What a line means. */
export type ImportItem =
  | {
      readonly kind: 'actor';
      readonly username: string;
      /** Lower case; null = of this server. */
      readonly domain: string | null;
      /** Of lists. */
      readonly list?: string;
      readonly showsReposts?: boolean;
      readonly notifiesOnPost?: boolean;
      readonly mutesNotifications?: boolean;
    }
  | { readonly kind: 'post'; readonly uri: string }
  | { readonly kind: 'domain'; readonly domain: string }
  | { readonly kind: 'hashtag'; readonly name: string };

/** A line and what it means; null = nothing. */
export interface ReadLine {
  readonly line: number;
  readonly text: string;
  readonly item: ImportItem | null;
}

/** Most lines of a file. */
export const IMPORT_LINES = 5_000;

/** Most characters of a file. */
export const IMPORT_LENGTH = 200_000;

const TEXT_LENGTH = 500;
const TITLES = {
  CSV_FOLLOWING: ['Account address'],
  CSV_BLOCKS: ['Account address'],
  CSV_MUTES: ['Account address'],
  CSV_BOOKMARKS: ['#uri'],
  CSV_LISTS: ['List name', 'Account address'],
  CSV_DOMAINS: ['#domain'],
  CSV_HASHTAGS: ['#tag'],
} as const satisfies Record<ImportSource, readonly string[]>;

const ADDRESS =
  /^@?([A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?)(?:@([A-Za-z0-9.-]{1,253}(?::\d{1,5})?))?$/;

/**
 * Reads a file.
 *
 * @param host domain of this server
 * @throws {Invalid} INVALID_INPUT at `csv` for one that is empty, too long, no CSV, or of which no line means anything
 */
export function readImport(source: ImportSource, csv: string, host: string): ReadLine[] {
  if (csv.length > IMPORT_LENGTH)
    throw new Invalid(
      `At most ${IMPORT_LENGTH} characters.`,
      ['csv'],
      'MAX_LENGTH',
      String(IMPORT_LENGTH),
    );
  const records = parseCsv(csv);
  if (!records)
    throw new Invalid('This is no CSV: a quotation mark is out of place.', ['csv'], 'CSV');
  const named = records[0]?.cells[0]?.trim();
  const hasTitles = named === TITLES[source][0];
  const titles: readonly string[] = hasTitles ? records[0]!.cells : TITLES[source];
  const rows = hasTitles ? records.slice(1) : records;
  if (rows.length === 0) throw new Invalid('There is no line in it.', ['csv'], 'REQUIRED');
  if (rows.length > IMPORT_LINES)
    throw new Invalid(`At most ${IMPORT_LINES} lines.`, ['csv'], 'MAX_ITEMS', String(IMPORT_LINES));
  const lines = rows.map((record) => ({
    line: record.line,
    text: beginningOf(record.cells.join(',')),
    item: itemOf(source, cellsOf(titles, record), host),
  }));
  // Overwriting with it would take everything away.
  if (lines.every(({ item }) => item === null))
    throw new Invalid('No line of it can be read: is it another list?', ['csv'], 'CSV');
  return lines;
}

/** As much as a report shows; never half a character. */
function beginningOf(text: string): string {
  return text.slice(0, TEXT_LENGTH).replace(/[\uD800-\uDBFF]$/, '');
}

type Cells = (title: string) => string | undefined;

function cellsOf(titles: readonly string[], { cells }: CsvRecord): Cells {
  return (title) => cells[titles.indexOf(title)]?.trim();
}

function itemOf(source: ImportSource, cells: Cells, host: string): ImportItem | null {
  if (source === 'CSV_BOOKMARKS') {
    const uri = cells('#uri') ?? '';
    return /^https?:\/\/\S{1,2000}$/.test(uri) ? { kind: 'post', uri } : null;
  }
  if (source === 'CSV_DOMAINS') {
    const domain = readDomain(cells('#domain') ?? '');
    return domain === null ? null : { kind: 'domain', domain };
  }
  if (source === 'CSV_HASHTAGS') {
    const name = (cells('#tag') ?? '').replace(/^#/, '');
    return name === '' || name.length > 200 ? null : { kind: 'hashtag', name };
  }
  const actor = actorOf(cells('Account address') ?? '', host);
  if (!actor) return null;
  if (source === 'CSV_FOLLOWING') {
    return {
      ...actor,
      showsReposts: cells('Show boosts')?.toLowerCase() !== 'false',
      notifiesOnPost: cells('Notify on new posts')?.toLowerCase() === 'true',
    };
  }
  if (source === 'CSV_MUTES')
    return { ...actor, mutesNotifications: cells('Hide notifications')?.toLowerCase() !== 'false' };
  if (source === 'CSV_BLOCKS') return actor;
  const list = cells('List name') ?? '';
  return list === '' ? null : { ...actor, list };
}

function actorOf(address: string, host: string) {
  const found = ADDRESS.exec(address);
  if (!found) return null;
  const domain = found[2]?.toLowerCase() ?? host;
  return { kind: 'actor' as const, username: found[1]!, domain: domain === host ? null : domain };
}
