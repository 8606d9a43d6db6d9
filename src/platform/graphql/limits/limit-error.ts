// The refusals of the limits: one shape, so that a client can read which bound it met and by how much.

import { GraphQLError } from 'graphql';
import type { ASTNode } from 'graphql';

import { VIEWER_LIMITS } from './operation-limits.js';
import type { OperationLimits } from './operation-limits.js';

/** Codes that a limit answers with. */
export type LimitCode =
  | 'BAD_USER_INPUT'
  | 'COST_LIMIT_EXCEEDED'
  | 'DEPTH_LIMIT_EXCEEDED'
  | 'GRAPHQL_VALIDATION_FAILED';

/** What was counted against which bound. `actual` saturates at 2^53 − 1. */
export interface Excess {
  readonly rule: keyof OperationLimits;
  readonly limit: number;
  readonly actual: number;
}

const CODES: Partial<Record<keyof OperationLimits, LimitCode>> = {
  maxDepth: 'DEPTH_LIMIT_EXCEEDED',
  maxCost: 'COST_LIMIT_EXCEEDED',
  maxNodes: 'COST_LIMIT_EXCEEDED',
  maxSelections: 'COST_LIMIT_EXCEEDED',
  maxFieldPairs: 'COST_LIMIT_EXCEEDED',
  maxListItems: 'BAD_USER_INPUT',
  maxVariableDepth: 'BAD_USER_INPUT',
};

/** Said of a document that is nested deeper than a parser can follow. */
export const TOO_DEEP = 'The document is nested too deeply.';

/** Error of HTTP status 400 whose extensions carry code, rule, limit and actual. */
export function limitError(what: string, excess: Excess, node?: ASTNode): GraphQLError {
  return new GraphQLError(`${what}: ${excess.actual}, at most ${excess.limit} are allowed.`, {
    nodes: node,
    extensions: { code: codeOf(excess.rule), ...excess, http: { status: 400 } },
  });
}

/** Refusal of status 400 for text that cannot be kept, in a variable or at a node of the document; `what` names it. */
export function textError(what: string, node?: ASTNode): GraphQLError {
  const code: LimitCode = node ? 'GRAPHQL_VALIDATION_FAILED' : 'BAD_USER_INPUT';
  return new GraphQLError(`${what} contains NUL or half a character.`, {
    nodes: node,
    extensions: { code, http: { status: 400 } },
  });
}

/** Refusal of status 400 for a document whose nesting no parser can follow; `cause` is what the parser met. */
export function nestingError(cause: Error): GraphQLError {
  return new GraphQLError(TOO_DEEP, {
    originalError: cause,
    extensions: { code: 'GRAPHQL_PARSE_FAILED', http: { status: 400 } },
  });
}

/**
 * The code of a limit's error, also when Apollo wrapped it as a validation failure and put its own code over ours;
 * undefined for errors of another origin. For use in `formatError`.
 */
export function limitCode(error: unknown): LimitCode | undefined {
  const origin =
    error instanceof GraphQLError && error.originalError instanceof GraphQLError
      ? error.originalError
      : error;
  const rule = origin instanceof GraphQLError ? origin.extensions['rule'] : undefined;
  return isRule(rule) ? codeOf(rule) : undefined;
}

function codeOf(rule: keyof OperationLimits): LimitCode {
  return CODES[rule] ?? 'GRAPHQL_VALIDATION_FAILED';
}

function isRule(rule: unknown): rule is keyof OperationLimits {
  return typeof rule === 'string' && Object.hasOwn(VIEWER_LIMITS, rule);
}
