/**
 * The gate before every operation, over HTTP and over sockets: what it costs, whether that is allowed,
 * and whether the caller can still pay.
 */
import { GraphQLError, type DocumentNode, type GraphQLSchema } from 'graphql';
import { addressKey } from '../platform/client-address.js';
import type { Config } from '../platform/config.js';
import type { Services } from '../platform/context.js';
import { PointBudget, rateLimitHeaders, type BudgetState } from '../platform/graphql/budget.js';
import type { GraphQLContext } from '../platform/graphql/context.js';
import type { SelectionCost } from '../platform/graphql/limits/cost.js';
import { checkOperation } from '../platform/graphql/limits/limits.js';
import {
  VIEWER_LIMITS,
  type OperationLimits,
} from '../platform/graphql/limits/operation-limits.js';

const WINDOW_SECONDS = 3600;
/** What a document costs that does not get as far as being priced. */
const REFUSED_DOCUMENT_POINTS = 10;

/** An operation that is about to run. */
export interface GatedOperation {
  readonly document: DocumentNode;
  readonly operationName: string | null | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Decides whether operations may run. */
export interface OperationGate {
  /**
   * Turns away a caller of whom this process knows that nothing is left, before anything reads the document.
   *
   * @throws {GraphQLError} RATE_LIMITED with `retryAfter`
   */
  requireBudget(context: GraphQLContext): void;
  /**
   * Prices and charges an operation, and notes the charge in its context.
   *
   * @returns the price with its parts
   * @throws {GraphQLError} COST_LIMIT_EXCEEDED, BAD_USER_INPUT, or RATE_LIMITED with `retryAfter`
   */
  admit(context: GraphQLContext, operation: GatedOperation): Promise<SelectionCost>;
  /** Charges a caller whose document was refused before it could be priced. */
  chargeRefusal(context: GraphQLContext): Promise<void>;
}

/** Makes the gate of a schema. */
export function createOperationGate(services: Services, schema: GraphQLSchema): OperationGate {
  const { graphql } = services.config;
  const viewerLimits = limitsOf(graphql, graphql.maxCost);
  const anonymousLimits = limitsOf(graphql, graphql.anonymousMaxCost);
  const budgets = createBudgets(services);
  return {
    requireBudget: (context) => {
      const { budget, caller } = budgets(context);
      const exceeded = budget.exceeded(caller);
      if (exceeded) throw usedUp(exceeded, context);
    },
    admit: async (context, operation) => {
      const limits = context.viewer ? viewerLimits : anonymousLimits;
      const price = checkOperation({ schema, limits, ...operation });
      await charge(context, price, budgets(context));
      return price;
    },
    chargeRefusal: async (context) => {
      const { budget, caller } = budgets(context);
      await budget.spend(caller, REFUSED_DOCUMENT_POINTS);
    },
  };
}

/** The limits that the configuration sets, on top of those that are fixed. */
export function limitsOf(graphql: Config['graphql'], maxCost: number): OperationLimits {
  const { maxNodes, maxDepth, maxAliases, maxRootFields, maxTokens, maxDocumentBytes } = graphql;
  return {
    ...VIEWER_LIMITS,
    maxCost,
    maxNodes,
    maxDepth,
    maxAliases,
    maxRootFields,
    maxMutationFields: graphql.maxMutations,
    maxTokens,
    maxDocumentBytes,
  };
}

interface CallersBudget {
  readonly budget: PointBudget;
  readonly caller: string;
}

function createBudgets({
  config,
  rateLimiter,
  clock,
}: Services): (context: GraphQLContext) => CallersBudget {
  const open = (name: string, points: number): PointBudget =>
    new PointBudget(
      rateLimiter,
      { name, points, windowSeconds: WINDOW_SECONDS, failsClosed: false },
      () => clock.now().getTime(),
    );
  const viewers = open('graphql-viewer', config.graphql.pointsPerHour);
  const anonymous = open('graphql-anonymous', config.graphql.anonymousPointsPerHour);
  return (context) =>
    context.viewer
      ? { budget: viewers, caller: context.viewer.accountId }
      : { budget: anonymous, caller: addressKey(context.clientAddress) };
}

async function charge(
  context: GraphQLContext,
  price: SelectionCost,
  { budget, caller }: CallersBudget,
): Promise<void> {
  const state = await budget.spend(caller, Math.max(1, price.cost));
  context.charge = { cost: price.cost, nodeCount: price.nodeCount, budget: state };
  if (state.isExceeded) throw usedUp(state, context);
}

function usedUp(budget: BudgetState, context: GraphQLContext): GraphQLError {
  const headers = new Map(rateLimitHeaders(budget, context.clock.now()));
  const retryAfter = Math.ceil((budget.resetAt.getTime() - context.clock.now().getTime()) / 1000);
  headers.set('retry-after', String(retryAfter));
  return new GraphQLError(`The budget of ${budget.limit} points per hour is used up.`, {
    extensions: {
      code: 'RATE_LIMITED',
      retryAfter,
      resetAt: budget.resetAt.toISOString(),
      http: { status: 429, headers },
    },
  });
}
