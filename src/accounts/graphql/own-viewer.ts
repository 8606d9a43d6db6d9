/** The viewer as payloads show it after a mutation. */
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { load } from '../../platform/graphql/loader.js';
import type { AccountId } from '../account.entity.js';
import { findAccount } from '../accounts.queries.js';
import { viewerLoader, type ViewerSource } from './viewer.loader.js';

/** The account of the token in use; null when the request is anonymous. */
export function ownViewer(context: GraphQLContext): Promise<ViewerSource | null> {
  return context.viewer
    ? load(context, viewerLoader, context.viewer.accountId)
    : Promise.resolve(null);
}

/** The account of somebody who has just proven the password, although the request itself carries no token. */
export async function provenViewer(
  context: GraphQLContext,
  accountId: AccountId,
): Promise<ViewerSource | null> {
  const row = await findAccount(context.database, accountId);
  return row && { id: row.id, actorId: row.actorId, account: row, nodeType: 'Viewer' };
}
