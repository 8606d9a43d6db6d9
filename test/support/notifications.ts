// Notifications as their recipient reads them through the public API.
import { statement } from '../../src/platform/db/database.js';
import type { Person, World } from './world.js';

/** A notification as lists show it. */
export interface ShownNotification {
  readonly id: string;
  readonly kind: string;
  readonly isRead: boolean;
  readonly actorCount: number;
  readonly actors: readonly { username: string }[];
  readonly subject: { __typename: string; id: string } | null;
  readonly fallbackTitle: string;
  readonly fallbackUrl: string | null;
}

/** What the recipient has. */
export interface ShownNotifications {
  readonly nodes: readonly ShownNotification[];
  readonly cursors: readonly string[];
  readonly unread: number;
}

const LIST = `query ($filter: NotificationFilter, $first: Int, $after: String) { viewer { unreadNotificationCount
  notifications(filter: $filter, first: $first, after: $after) { edges { cursor node {
    id kind isRead actorCount actors { username } subject { __typename id } fallbackTitle fallbackUrl } } } } }`;

/** Reads somebody's notifications. */
export async function notificationsOf(
  person: Person,
  variables: Record<string, unknown> = {},
): Promise<ShownNotifications> {
  const answer = await person.graphql<{
    viewer: {
      unreadNotificationCount: number;
      notifications: { edges: { cursor: string; node: ShownNotification }[] };
    };
  }>(LIST, variables);
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  const { unreadNotificationCount: unread, notifications } = answer.data.viewer;
  return {
    unread,
    nodes: notifications.edges.map(({ node }) => node),
    cursors: notifications.edges.map(({ cursor }) => cursor),
  };
}

/** Kind and actors of each notification, the latest first: `LIKE ben, cem`. */
export async function summaryOf(person: Person): Promise<string[]> {
  const { nodes } = await notificationsOf(person);
  return nodes.map(({ kind, actors }) =>
    [kind, actors.map(({ username }) => username).join(', ')].join(' ').trim(),
  );
}

const MAKE_DUE = statement(
  'test.make_due',
  'update graphile_worker._private_jobs set run_at = now() where locked_at is null',
);

/** Lets the pauses between rounds and events pass, and runs what waited for their end. */
export async function settlePauses(world: World): Promise<void> {
  await world.settle();
  for (let round = 0; round < 3; round++) {
    world.clock.advance(5);
    await world.services.database.rows(MAKE_DUE);
    await world.settle();
  }
}
