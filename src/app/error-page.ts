/** The page that `docsUrl` of an error leads to: every code, what it means and what to do. */
import { ERROR_CODES } from '../platform/errors.js';
import { REQUEST_ERRORS } from '../platform/request-errors.js';

/** Runs no script and asks no other host for anything. */
export const ERROR_PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const STYLE = `:root{color-scheme:light dark}
body{font:1rem/1.6 system-ui,sans-serif;max-width:44rem;margin:4rem auto;padding:0 1.25rem}
dt{margin-top:1rem}dd{margin:0}dt:target+dd{font-weight:600}code{font:.95em ui-monospace,monospace}`;

/** The page, the same for everybody and for as long as the server runs. */
export function errorPage(): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Errors</title><style>${STYLE}</style></head><body><main>
<h1>Errors</h1>
<p>There are two channels. What whoever wrote a client has to mend or to wait for is in <code>errors</code>, over HTTP
and WebSocket, on <code>/graphql</code> and on every other route. What a person can mend is in <code>userErrors</code> of
the payload of a mutation, with <code>data</code> beside it. Clients must expect codes that are not here yet.</p>
<h2>errors[].extensions.code</h2>
<p>Each error has a <code>message</code> in English for developers, a <code>code</code>, the <code>requestId</code> under
which the log of the server knows it, and this page as <code>docsUrl</code>.</p>
${list(REQUEST_ERRORS, '')}
<h2>userErrors[].code</h2>
<p>The description of each mutation lists its codes. The <code>message</code> is in the language of
<code>Accept-Language</code>, and <code>path</code> names the part of the input.</p>
${list(ERROR_CODES, 'userErrors-')}
</main></body></html>`;
}

function list(codes: Readonly<Record<string, string>>, prefix: string): string {
  const entries = Object.entries(codes).map(
    ([code, meaning]) =>
      `<dt id="${prefix}${code}"><code>${code}</code></dt><dd>${withCode(meaning)}</dd>`,
  );
  return `<dl>${entries.join('\n')}</dl>`;
}

/** Texts are ours; what stands in backquotes is code. */
function withCode(text: string): string {
  return text.replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}
