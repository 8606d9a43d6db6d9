/** What resolvers share within one operation: the command context and the loaders' memory. */
import type { CommandContext, Viewer } from '../context.js';
import type { Id } from '../ids.js';
import { hasAnyScope } from '../scopes.js';
import type { BudgetState } from './budget.js';
import { LoaderMemory } from './loader.js';

/** What an operation was charged; set before it is executed. */
export interface OperationCharge {
  readonly cost: number;
  /** Upper bound of the nodes it may return. */
  readonly nodeCount: number;
  readonly budget: BudgetState;
}

/** Context of one GraphQL operation. */
export interface GraphQLContext extends CommandContext {
  readonly loaders: LoaderMemory;
  /**
   * Through whose eyes posts, comments, stories and collections are read: the viewer's where the token has the scope
   * read:posts, else null: such a token reads what everybody may read.
   */
  readerId: Id<'actor'> | null;
  /** Null until the operation has been priced. */
  charge: OperationCharge | null;
  /** The answer goes to several people, of whom the viewer is one: nothing in it may name them. */
  readonly isForMany?: true;
}

/** Adds the loaders' memory to a command context. */
export function toGraphQLContext(context: CommandContext): GraphQLContext {
  const readerId = readerOf(context.viewer);
  return { ...context, loaders: new LoaderMemory(), readerId, charge: null };
}

/** Who reads posts with this token; null = as somebody who is not signed in. */
export function readerOf(viewer: Viewer | null): Id<'actor'> | null {
  return viewer && hasAnyScope(viewer.scopes, ['read:posts']) ? viewer.actorId : null;
}

/** Reads through the eyes of somebody else for a while; what was loaded through others is forgotten. */
export async function readingAs<Result>(
  context: GraphQLContext,
  readerId: Id<'actor'> | null,
  read: () => Promise<Result> | Result,
): Promise<Result> {
  const usual = context.readerId;
  if (readerId === usual) return read();
  context.loaders.clear();
  context.readerId = readerId;
  try {
    return await read();
  } finally {
    context.readerId = usual;
    context.loaders.clear();
  }
}
