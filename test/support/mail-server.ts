/** A real SMTP server inside the test: what the product sends arrives here over the wire. */
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A letter as it arrived. */
export interface ReceivedLetter {
  readonly from: string;
  readonly to: readonly string[];
  /** Header lines, unfolded. */
  readonly headers: string;
  /** Decoded body. */
  readonly text: string;
}

/** The server and what came in, oldest first. */
export interface MailServer extends AsyncDisposable {
  /** For SMTP_URL. */
  readonly url: string;
  readonly letters: ReceivedLetter[];
  /** The letters to one address. */
  to(address: string): ReceivedLetter[];
  /** The token behind # of the newest letter to an address that links to this page. */
  token(address: string, page: string): string;
}

/** Starts the server on a free port of this machine. */
export async function startMailServer(): Promise<MailServer> {
  const letters: ReceivedLetter[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom ? mailFrom.address : '';
        letters.push({
          from,
          to: rcptTo.map(({ address }) => address),
          ...parse(Buffer.concat(chunks).toString()),
        });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const to = (address: string) => letters.filter((letter) => letter.to.includes(address));
  return {
    url: `smtp://127.0.0.1:${port}`,
    letters,
    to,
    token: (address, page) => {
      const links = to(address).flatMap(({ text }) => [...text.matchAll(/(\S+)#([\w-]{43})/g)]);
      const link = links.filter(([, target]) => target?.endsWith(`/${page}`)).at(-1);
      if (!link?.[2]) throw new Error(`No letter to ${address} links to ${page}`);
      return link[2];
    },
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(resolve)),
  };
}

function parse(raw: string): Pick<ReceivedLetter, 'headers' | 'text'> {
  const end = raw.indexOf('\r\n\r\n');
  const headers = raw.slice(0, end).replace(/\r\n[ \t]+/g, ' ');
  const body = raw.slice(end + 4);
  const encoding = /^content-transfer-encoding: *(\S+)/im.exec(headers)?.[1]?.toLowerCase();
  return { headers, text: decode(body, encoding).replaceAll('\r\n', '\n') };
}

function decode(body: string, encoding: string | undefined): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString();
  if (encoding !== 'quoted-printable') return body;
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
