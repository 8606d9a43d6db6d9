/** The signed-in person's own account. Nobody else's ever loads here. */
import { defineLoader } from '../../platform/graphql/loader.js';
import { defineNode, type NodeSource } from '../../platform/graphql/node.js';
import type { AccountId } from '../account.entity.js';
import { findAccounts, type AccountRow } from '../accounts.queries.js';

/** The viewer as resolvers see it. */
export type ViewerSource = AccountRow & NodeSource;

/** Loads the viewer's own account; any other id is not there. */
export const viewerLoader = defineLoader<AccountId, ViewerSource>(async (context, ids) => {
  const own = ids.filter((id) => id === context.viewer?.accountId);
  const rows = own.length === 0 ? [] : await findAccounts(context.database, own);
  return new Map(rows.map((row) => [row.id, { ...row, nodeType: 'Viewer' }]));
});

/** `account_…` ids. */
export const viewerNode = defineNode('account', ['Viewer'], viewerLoader);
