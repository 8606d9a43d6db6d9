/**
 * Sends e-mail over SMTP. Where no SMTP server is configured, the text is logged for the admin
 * instead, so that a small server works without one.
 */
import { createTransport } from 'nodemailer';
import type { Config } from './config.js';
import type { Logger } from './logger.js';

/** One plain-text message to one person. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  /** Plain text, lines of any length. */
  readonly text: string;
  /** Further header lines. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends mail; a failure throws, so that the calling job is tried again. */
export interface Mailer {
  send(mail: Mail): Promise<void>;
}

const CONNECTION_TIMEOUT_MS = 10_000;
const SOCKET_TIMEOUT_MS = 30_000;

/** Makes the mailer that the configuration asks for. */
export function createMailer(config: Config['smtp'], log: Logger): Mailer {
  if (config.url === null) return loggingMailer(log);
  const transport = createTransport({
    url: config.url,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    greetingTimeout: CONNECTION_TIMEOUT_MS,
    socketTimeout: SOCKET_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async ({ headers, ...mail }) => {
      // Answering machines must not answer a machine. @source RFC 3834 §5
      await transport.sendMail({
        from: config.from,
        headers: { ...headers, 'Auto-Submitted': 'auto-generated' },
        ...mail,
      });
    },
  };
}

/** The log masks the address; the letter names the person, and its links are what the admin needs. */
function loggingMailer(log: Logger): Mailer {
  return {
    send: async ({ subject, text }) => {
      log.warn(
        { subject, letter: text },
        'no SMTP server is configured: hand this letter on yourself',
      );
    },
  };
}
