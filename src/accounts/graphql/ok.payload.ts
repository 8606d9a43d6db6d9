/** Payloads that only say whether it was done. */
import { Field, ObjectType } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { answer, type Answer } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';

/** Base of payloads without an object of their own. */
@ObjectType({ description: 'What mutations answer that have nothing to show.' })
export abstract class OkPayload extends Payload {
  @Field(() => Boolean, { description: 'True when it was done.' })
  ok!: boolean;
}

/** Runs a command and says whether it was done. */
export async function answerOk(
  context: GraphQLContext,
  command: () => Promise<unknown>,
): Promise<Answer<object> & { ok: boolean }> {
  const payload = await answer(context, command, () => ({}));
  return { ...payload, ok: payload.userErrors.length === 0 };
}
