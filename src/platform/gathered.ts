/** Questions that come at the same time, asked together: one statement instead of one for each. */
import { AsyncLocalStorage } from 'node:async_hooks';

/** Nobody's transaction: what is asked for many belongs to none of them. */
const outside = AsyncLocalStorage.snapshot();

/** Asks one question, along with those of others. */
export type Ask<Question, Answer> = (question: Question) => Promise<Answer>;

interface Waiting<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Collects what comes while the last ones are being answered, and asks it at once then. Whoever comes alone waits for
 * nobody.
 *
 * @param answer one answer for each question, in their order; a throw is that of all of them
 */
export function gathered<Question, Answer>(
  answer: (questions: readonly Question[]) => Promise<readonly Answer[]>,
  most = 200,
): Ask<Question, Answer> {
  const waiting: Waiting<Question, Answer>[] = [];
  let isAsking = false;
  const ask = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, most);
      try {
        const answers = await answer(batch.map(({ question }) => question));
        for (const [place, { resolve }] of batch.entries()) resolve(answers[place]!);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    isAsking = false;
  };
  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject });
      if (isAsking) return;
      isAsking = true;
      setImmediate(() => void outside(ask));
    });
}

/** One `gathered` for each database, made when it is first asked. */
export function gatheredFor<Place extends object, Question, Answer>(
  answer: (place: Place, questions: readonly Question[]) => Promise<readonly Answer[]>,
): (place: Place, question: Question) => Promise<Answer> {
  const asks = new WeakMap<Place, Ask<Question, Answer>>();
  return (place, question) => {
    const known = asks.get(place);
    if (known) return known(question);
    const ask = gathered<Question, Answer>((questions) => answer(place, questions));
    asks.set(place, ask);
    return ask(question);
  };
}
