/** Answers a collection, or the page of it that is asked for. */
import type { Request, Response } from 'express';
import type { Services } from '../../platform/context.js';
import type { Page, PageRequest } from '../../platform/db/page.js';
import { isUuid } from '../../platform/ids.js';
import {
  collectionPage,
  pagedCollection,
  type CollectionParts,
  type Member,
} from '../documents/collection-document.js';
import { refuse, sendDocument } from './answers.js';

/** Where a collection comes from. */
export interface CollectionSource {
  readonly uri: string;
  /** Null = nobody's business. */
  readonly countAll: () => Promise<number | null> | number | null;
  /** Null = its members are nobody's business. */
  readonly findPage: ((request: PageRequest) => Promise<Page<Member>>) | null;
  /** Whether something can be a sort key; ids unless told otherwise. */
  readonly isKey?: (text: string) => boolean;
  /** What else it says of itself. */
  readonly more?: object;
  /** PRIVATE = it depends on who asks. */
  readonly caching?: 'PUBLIC' | 'PRIVATE';
}

/** Members on one page. */
export const MEMBERS_PER_PAGE = 20;

/** Unknown parameters are left alone: some servers add one that makes every address a new one. */
export async function answerCollection(
  services: Pick<Services, 'config'>,
  request: Request,
  response: Response,
  source: CollectionSource,
): Promise<void> {
  const asked = readPageRequest(request.query, source.isKey ?? isUuid);
  if (asked === 'MALFORMED') {
    refuse(services, response, 400, { code: 'BAD_REQUEST', message: 'There is no such page.' });
    return;
  }
  const { uri: id, findPage, countAll, more, caching } = source;
  const totalItems = await countAll();
  const parts: CollectionParts = { id, totalItems, hasPages: findPage !== null, more };
  const document =
    asked === null || findPage === null
      ? pagedCollection(parts)
      : collectionPage(parts, asked, await findPage(asked));
  sendDocument(response, document, caching);
}

/** The page that is asked for; null = the collection itself. */
function readPageRequest(
  { page, after, before }: Request['query'],
  isKey: (text: string) => boolean,
): PageRequest | 'MALFORMED' | null {
  if (page === undefined) return null;
  if (page === 'last') return { size: MEMBERS_PER_PAGE, isBackward: true, from: null };
  const from = after ?? before;
  if (page !== 'true' || (after !== undefined && before !== undefined)) return 'MALFORMED';
  if (from === undefined) return { size: MEMBERS_PER_PAGE, isBackward: false, from: null };
  if (typeof from !== 'string' || !isKey(from)) return 'MALFORMED';
  return { size: MEMBERS_PER_PAGE, isBackward: before !== undefined, from: [from] };
}
