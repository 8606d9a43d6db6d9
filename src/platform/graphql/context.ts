/** What resolvers share within one operation: the command context and the loaders' memory. */
import type { CommandContext } from '../context.js';
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
  /** Null until the operation has been priced. */
  charge: OperationCharge | null;
}

/** Adds the loaders' memory to a command context. */
export function toGraphQLContext(context: CommandContext): GraphQLContext {
  return { ...context, loaders: new LoaderMemory(), charge: null };
}
