/** Every migration, oldest first. A released migration is never edited; a change is a new file. */
import { Migration0001Platform } from './0001-platform.js';
import { Migration0002Media } from './0002-media.js';
import { Migration0003Actors } from './0003-actors.js';
import { Migration0004Accounts } from './0004-accounts.js';
import { Migration0005Posts } from './0005-posts.js';
import { Migration0006Timelines } from './0006-timelines.js';
import { Migration0007Posting } from './0007-posting.js';
import { Migration0011Places } from './0011-places.js';
import { Migration0008Interactions } from './0008-interactions.js';
import { Migration0014Portability } from './0014-portability.js';
import { Migration0024RareWords } from './0024-rare-words.js';
import { Migration0027StarterPacks } from './0027-starter-packs.js';
import { Migration0021Discovery } from './0021-discovery.js';
import { Migration0013Search } from './0013-search.js';
import { Migration0015Moderation } from './0015-moderation.js';
import { Migration0016Collections } from './0016-collections.js';
import { Migration0018Digests } from './0018-digests.js';
import { Migration0017PushTargets } from './0017-push-targets.js';
import { Migration0010Stories } from './0010-stories.js';
import { Migration0012Reading } from './0012-reading.js';
import { Migration0009Notifications } from './0009-notifications.js';
import { Migration0019Emoji } from './0019-emoji.js';
import { Migration0020LimitedActors } from './0020-limited-actors.js';
import { Migration0022DataExports } from './0022-data-exports.js';
import { Migration0023DataImports } from './0023-data-imports.js';
import { Migration0025Retention } from './0025-retention.js';

/** The list that the migrator walks. */
export const MIGRATIONS = [
  { name: '0001-platform', class: Migration0001Platform },
  { name: '0002-media', class: Migration0002Media },
  { name: '0003-actors', class: Migration0003Actors },
  { name: '0004-accounts', class: Migration0004Accounts },
  { name: '0005-posts', class: Migration0005Posts },
  { name: '0006-timelines', class: Migration0006Timelines },
  { name: '0007-posting', class: Migration0007Posting },
  { name: '0011-places', class: Migration0011Places },
  { name: '0008-interactions', class: Migration0008Interactions },
  { name: '0015-moderation', class: Migration0015Moderation },
  { name: '0016-collections', class: Migration0016Collections },
  { name: '0009-notifications', class: Migration0009Notifications },
  { name: '0017-push-targets', class: Migration0017PushTargets },
  { name: '0018-digests', class: Migration0018Digests },
  { name: '0010-stories', class: Migration0010Stories },
  { name: '0012-reading', class: Migration0012Reading },
  { name: '0019-emoji', class: Migration0019Emoji },
  { name: '0020-limited-actors', class: Migration0020LimitedActors },
  { name: '0014-portability', class: Migration0014Portability },
  { name: '0013-search', class: Migration0013Search },
  { name: '0021-discovery', class: Migration0021Discovery },
  { name: '0022-data-exports', class: Migration0022DataExports },
  { name: '0023-data-imports', class: Migration0023DataImports },
  { name: '0024-rare-words', class: Migration0024RareWords },
  { name: '0025-retention', class: Migration0025Retention },
  { name: '0027-starter-packs', class: Migration0027StarterPacks },
] as const;
