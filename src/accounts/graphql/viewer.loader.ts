/** The signed-in person's own account. Nobody else's ever loads here. */
import type { ActorId } from '../../actors/actor.entity.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { defineNode, type NodeSource } from '../../platform/graphql/node.js';
import type { AccountId } from '../account.entity.js';
import { findAccounts, type AccountRow } from '../accounts.queries.js';

/** The viewer as resolvers see it. What the token proves is there; the account is read when a field needs it. */
export interface ViewerSource extends NodeSource {
  readonly id: AccountId;
  readonly actorId: ActorId;
  /** The account where it was read already, as of somebody who has just signed in. */
  readonly account?: AccountRow;
}

/** The viewer's own account; any other id is not there. */
export const viewerLoader = defineLoader<AccountId, ViewerSource>(({ viewer }, ids) => {
  const own = viewer && ids.includes(viewer.accountId) ? viewer : null;
  const source = own && { id: own.accountId, actorId: own.actorId, nodeType: 'Viewer' };
  return Promise.resolve(new Map(source ? [[source.id, source]] : []));
});

/** `account_…` ids. */
export const viewerNode = defineNode('account', ['Viewer'], viewerLoader);

const ownAccountLoader = defineLoader<AccountId, AccountRow>(async ({ database, viewer }, ids) => {
  const own = ids.filter((id) => id === viewer?.accountId);
  const rows = own.length === 0 ? [] : await findAccounts(database, own);
  return new Map(rows.map((row) => [row.id, row]));
});

/** The account behind the viewer as it is now. */
export async function accountOf(
  context: GraphQLContext,
  viewer: ViewerSource,
): Promise<AccountRow> {
  const account = viewer.account ?? (await load(context, ownAccountLoader, viewer.id));
  if (!account) throw new Error('A token in use has no account');
  return account;
}
