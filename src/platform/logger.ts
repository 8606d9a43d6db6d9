// The log: one JSON object per line with the request id, and nothing in it that identifies or unlocks a person.
import { AsyncLocalStorage } from 'node:async_hooks';

import { pino } from 'pino';
import type { DestinationStream, Logger as PinoLogger } from 'pino';

import type { Config } from './config.js';
import { prettyLine } from './internal/pretty-log.js';
import { redact, scrubText } from './internal/redaction.js';

/** The logger that every part gets handed; children add fixed fields. */
export type Logger = PinoLogger;

const requests = new AsyncLocalStorage<string>();

/** Runs `work` so that every line logged inside it, also after an await, carries this request id. */
export function withRequestId<T>(requestId: string, work: () => T): T {
  return requests.run(requestId, work);
}

/** The request id of the work going on, or undefined outside of a request. */
export function currentRequestId(): string | undefined {
  return requests.getStore();
}

/**
 * Builds the logger of this process.
 *
 * Fields whose name tells of a secret, an address of a person or content that people wrote are masked at any depth,
 * as are e-mail addresses, bearer tokens and passwords in URLs inside any text.
 *
 * @param destination  where lines go; standard output if left out
 */
export function createLogger(log: Config['log'], destination?: DestinationStream): Logger {
  const lines = destination ?? pino.destination({ dest: 1, sync: true });
  const stream: DestinationStream =
    log.format === 'pretty' ? { write: (line) => lines.write(prettyLine(line)) } : lines;
  const logger: Logger = pino(
    {
      level: log.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: () => {
        const requestId = requests.getStore();
        return requestId === undefined ? {} : { requestId };
      },
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => redact(fields),
      },
      serializers: { err: (redacted: unknown) => redacted },
      hooks: { streamWrite: scrubText },
    },
    stream,
  );
  return redactChildren(logger);
}

/** pino formats the fixed fields of the first logger only, so its children (and theirs) get theirs masked here. */
function redactChildren(logger: Logger): Logger {
  // oxlint-disable-next-line typescript/unbound-method -- called below with the logger it is for
  const makeChild: Logger['child'] = logger.child;
  const child = function (this: Logger, bindings: object, options?: object): unknown {
    return makeChild.call(this, redact(bindings), options);
  };
  return Object.assign(logger, { child });
}
