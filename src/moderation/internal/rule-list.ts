/** The file in which Mastodon exports and imports blocked domains. @source Mastodon admin/export_domain_blocks */
import type { DomainRuleDraft, DomainSeverity } from '../../actors/domain-rule.js';
import { csvLine } from '../../platform/csv-line.js';
import { Invalid } from '../../platform/errors.js';
import { parseCsv, type CsvRecord } from '../../platform/parse-csv.js';
import { cutText, isStorable } from '../../platform/storable-text.js';

/** Most lines of a list. */
export const LIST_LINES = 100_000;

/** Most characters of a list. */
export const LIST_LENGTH = 10_000_000;

const COMMENT_LENGTH = 2000;
const TITLES = [
  '#domain',
  '#severity',
  '#reject_media',
  '#reject_reports',
  '#public_comment',
  '#obfuscate',
];
const SEVERITIES: Readonly<Record<string, DomainSeverity>> = {
  noop: 'NONE',
  silence: 'LIMIT',
  limit: 'LIMIT',
  suspend: 'SUSPEND',
  '': 'SUSPEND',
};
const NAMES: Readonly<Record<DomainSeverity, string>> = {
  NONE: 'noop',
  LIMIT: 'silence',
  SUSPEND: 'suspend',
};

/** A line of a list. */
export interface RuleLine {
  /** Its number in the file, from 1. */
  readonly line: number;
  /** Null = nothing that can be read. */
  readonly draft: DomainRuleDraft | null;
}

/**
 * What each line says, null = nothing that can be read. Without titles the lines are domains to be suspended; names of
 * which only a part is shown are no domains.
 *
 * @throws {Invalid} INVALID_INPUT at `csv`
 */
export function readRuleList(csv: string): RuleLine[] {
  if (csv.length > LIST_LENGTH)
    throw new Invalid(
      `At most ${LIST_LENGTH} characters.`,
      ['csv'],
      'MAX_LENGTH',
      String(LIST_LENGTH),
    );
  const records = parseCsv(csv);
  if (!records)
    throw new Invalid('This is no CSV: a quotation mark is out of place.', ['csv'], 'CSV');
  const first = records[0]?.cells.map((cell) => `#${cell.trim().toLowerCase().replace(/^#/, '')}`);
  const hasTitles = first?.includes('#domain') === true;
  const titles = hasTitles ? first : TITLES;
  const lines = hasTitles ? records.slice(1) : records;
  if (lines.length === 0) throw new Invalid('There is no line in it.', ['csv'], 'REQUIRED');
  if (lines.length > LIST_LINES)
    throw new Invalid(`At most ${LIST_LINES} lines.`, ['csv'], 'MAX_ITEMS', String(LIST_LINES));
  return lines.map((record) => ({ line: record.line, draft: readLine(titles, record) }));
}

function readLine(titles: readonly string[], { cells }: CsvRecord): DomainRuleDraft | null {
  const cell = (title: string): string => cells[titles.indexOf(title)]?.trim() ?? '';
  const flag = (title: string): boolean => /^(?:true|t|1|yes)$/i.test(cell(title));
  const severity = SEVERITIES[cell('#severity').toLowerCase()];
  if (severity === undefined || !cells.every(isStorable)) return null;
  return {
    domain: cell('#domain'),
    severity,
    rejectsMedia: flag('#reject_media'),
    rejectsReports: flag('#reject_reports'),
    publicComment: cutText(cell('#public_comment'), COMMENT_LENGTH) || null,
    privateComment: null,
    isObfuscated: flag('#obfuscate'),
  };
}

/** The list as Mastodon takes it in. */
export function writeRuleList(rules: readonly DomainRuleDraft[]): string {
  const lines = rules.map((rule) =>
    csvLine([
      rule.domain,
      NAMES[rule.severity],
      String(rule.rejectsMedia),
      String(rule.rejectsReports),
      rule.publicComment ?? '',
      String(rule.isObfuscated),
    ]),
  );
  return [csvLine(TITLES), ...lines].join('');
}
