/** Puts the operation gate, the RateLimit headers and the metrics around every Apollo request. */
import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import { rateLimitHeaders } from '../platform/graphql/budget.js';
import type { GraphQLContext } from '../platform/graphql/context.js';
import { costBreakdown } from '../platform/graphql/limits/cost-breakdown.js';
import type { SelectionCost } from '../platform/graphql/limits/cost.js';
import type { Metrics } from './metrics.js';
import type { OperationGate } from './operation-gate.js';

/** Makes the plugin. */
export function gatePlugin(
  gate: OperationGate,
  metrics: Metrics,
): ApolloServerPlugin<GraphQLContext> {
  return { requestDidStart: () => Promise.resolve(listener(gate, metrics)) };
}

function listener(gate: OperationGate, metrics: Metrics): GraphQLRequestListener<GraphQLContext> {
  const startedAt = performance.now();
  let isPriced = false;
  let price: SelectionCost | null = null;
  return {
    didResolveOperation: async ({ contextValue, document, operationName, request }) => {
      isPriced = true;
      price = await gate.admit(contextValue, {
        document,
        operationName,
        variables: request.variables ?? {},
      });
    },
    didEncounterErrors: async ({ contextValue, errors }) => {
      for (const error of errors) {
        const { code } = error.extensions;
        metrics.errors.inc({ code: typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR' });
      }
      if (!isPriced) await gate.chargeRefusal(contextValue);
    },
    willSendResponse: async ({ contextValue, response, request, operation }) => {
      const outcome =
        response.body.kind === 'single' && response.body.singleResult.errors ? 'error' : 'ok';
      metrics.operationSeconds.observe(
        { kind: operation?.operation ?? 'none', outcome },
        (performance.now() - startedAt) / 1000,
      );
      response.http.headers.set(
        'cache-control',
        contextValue.viewer ? 'private, no-store' : 'no-store',
      );
      if (contextValue.charge) {
        const { budget } = contextValue.charge;
        for (const [name, value] of rateLimitHeaders(budget, contextValue.clock.now()))
          response.http.headers.set(name, value);
      }
      if (request.http?.headers.get('x-explain-cost') === '1' && response.body.kind === 'single') {
        response.body.singleResult.extensions = {
          ...response.body.singleResult.extensions,
          cost: { requested: contextValue.charge?.cost, fields: price ? costBreakdown(price) : [] },
        };
      }
    },
  };
}
