/** `userErrors`: refusals that a person can do something about, as types with a stable code. */
import { Field, Int, InterfaceType, ObjectType } from 'type-graphql';
import { type DomainError, ERROR_CODES, type ErrorCode } from '../errors.js';
import { ENTITLEMENT_KEYS, type EntitlementKey } from '../entitlements.js';
import type { Locale } from '../messages/catalogue.js';
import { errorText } from '../messages/error-text.js';
import { BigIntScalar } from './scalars.js';
import { describedEnum } from './described-enum.js';

/** GraphQL enum of the codes. */
export const ErrorCodeEnum = describedEnum(
  'ErrorCode',
  'Machine-readable code of an expected failure. Match on the code, never on the message; unknown codes may appear.',
  ERROR_CODES,
);

/** GraphQL enum of the entitlements. */
export const EntitlementKeyEnum = describedEnum(
  'EntitlementKey',
  'Limits that can differ between accounts. Reach and ranking are never among them.',
  ENTITLEMENT_KEYS,
);

/** A refusal as resolvers return it, with the fields of its own type. */
export interface UserErrorSource {
  /** GraphQL object type. */
  readonly typeName: string;
  readonly code: ErrorCode;
  readonly message: string;
  /** Null when nowhere in particular. */
  readonly path: readonly string[] | null;
}

/** Copies a refusal: graphql-js throws an Error that it finds among values. */
export function toUserErrorSource(error: DomainError, locale: Locale): UserErrorSource {
  const { name: _, cause: __, stack: ___, inputPath, ...details } = error;
  return {
    ...details,
    message: errorText(locale, error),
    path: inputPath.length > 0 ? inputPath : null,
  };
}

@InterfaceType('UserError', {
  description:
    'An expected failure of a mutation: something the person can fix. Nothing was changed.',
  resolveType: (error: UserErrorSource) => error.typeName,
})
export abstract class UserError {
  @Field(() => ErrorCodeEnum, { description: 'Stable code to match on.' })
  code!: ErrorCode;

  @Field(() => String, {
    description:
      'Explanation for people, safe to show, in the language that `Accept-Language` asks for as far as the server speaks it.',
  })
  message!: string;

  @Field(() => [String], {
    nullable: true,
    description: 'Where in `input`; null when nowhere in particular.',
  })
  path!: readonly string[] | null;
}

@ObjectType('GenericError', {
  implements: UserError,
  description: 'A failure without further details.',
})
export class GenericError extends UserError {}

@ObjectType('ValidationError', { implements: UserError, description: 'A value breaks a rule.' })
export class ValidationError extends UserError {
  @Field(() => String, { description: 'The rule, for example MAX_LENGTH.' })
  constraint!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The bound that was crossed, as text; null when the rule has none.',
  })
  limit!: string | null;
}

@ObjectType('QuotaError', {
  implements: UserError,
  description: 'An entitlement of the account does not suffice.',
})
export class QuotaError extends UserError {
  @Field(() => EntitlementKeyEnum, { description: 'Which one.' })
  entitlement!: EntitlementKey;

  @Field(() => BigIntScalar, { description: 'The limit, in the unit of the entitlement.' })
  limit!: bigint;

  @Field(() => BigIntScalar, {
    nullable: true,
    description:
      'What is used now, in the same unit; null for limits of single things, such as IMAGE_BYTES.',
  })
  used!: bigint | null;
}

@ObjectType('RateLimitError', {
  implements: UserError,
  description: 'Too often: a repeat makes sense later.',
})
export class RateLimitError extends UserError {
  @Field(() => Int, { description: 'Seconds after which a repeat makes sense, at least 1.' })
  retryAfterSeconds!: number;

  @Field(() => String, {
    nullable: true,
    description:
      'What there is too much of, for example BYTES_PER_DAY; null where it is simply done too often.',
  })
  constraint!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'How much of it there may be, as text; null where it is simply done too often.',
  })
  limit!: string | null;
}

/** Every payload has this list; it is empty when the mutation was done. */
@ObjectType({ description: 'What every mutation answers.' })
export abstract class Payload {
  @Field(() => [UserError], { description: 'Why nothing was done; empty when it was.' })
  userErrors!: readonly UserErrorSource[];
}
