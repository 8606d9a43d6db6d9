/** Why a post stands where it stands, in words. */
import { formatMessage, ownWords, type Locale } from '../platform/messages/catalogue.js';
import { SIGNAL_UNIT, type ActKind } from '../ranking/signal.js';
import type { ActCounts, StoredEntry, UnpackedSignal } from './snapshot.js';

/** What sentences name. */
export interface Named {
  readonly locale: Locale;
  /** Handle of the author, as `@name` or `@name@server`. */
  readonly author: string;
  readonly isOwn: boolean;
}

/** One sentence: where the post comes from. */
export function summaryOf({ source }: StoredEntry, { locale, author, isOwn }: Named): string {
  if (isOwn) return formatMessage(locale, 'feed.source.OWN');
  return formatMessage(locale, `feed.source.${source}`, { author });
}

/** What a signal was found from; null when its number says it all. */
export function evidenceOf(
  { signal, raw }: UnpackedSignal,
  entry: StoredEntry,
  { locale, author }: Named,
): string | null {
  const count = Math.round(raw / SIGNAL_UNIT);
  if (signal === 'FRESHNESS') {
    const hours = Math.floor(raw / SIGNAL_UNIT);
    return formatMessage(locale, 'feed.evidence.FRESHNESS', { hours });
  }
  if (raw === 0) return null;
  switch (signal) {
    case 'CREATOR_AFFINITY': {
      const acts = ownWords(actsInWords(entry.acts ?? {}, locale));
      return formatMessage(locale, 'feed.evidence.CREATOR_AFFINITY', { author, acts });
    }
    case 'HASHTAG_AFFINITY': {
      const hashtags = (entry.hashtags ?? []).map((name) => `#${name}`).join(', ');
      return formatMessage(locale, 'feed.evidence.HASHTAG_AFFINITY', { hashtags });
    }
    case 'ENGAGEMENT_RATE':
      return formatMessage(locale, 'feed.evidence.ENGAGEMENT_RATE', { count });
    case 'TREND':
      return formatMessage(locale, 'feed.evidence.TREND', { place: count });
    case 'EDITORIAL_BOOST':
    case 'ACCESSIBILITY':
      return formatMessage(locale, `feed.evidence.${signal}`);
    default:
      return null;
  }
}

/** As `4 likes, 1 comment`. */
export function actsInWords(
  counts: ActCounts & { readonly LESS?: number },
  locale: Locale,
): string {
  return Object.entries(counts)
    .map(([kind, count]) =>
      formatMessage(locale, `feed.act.${kind as ActKind | 'LESS'}`, { count }),
    )
    .join(', ');
}
