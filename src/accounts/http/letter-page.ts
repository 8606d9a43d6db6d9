/**
 * The page behind the link of a letter, for people whose app does not open it. The token stands behind #, so
 * only the page's own script ever sees it; nothing happens until the person presses the button, because mail
 * scanners open links too.
 */
import { createHash } from 'node:crypto';
import type { LinkPage } from '../letters.js';

/** What one page says and sends. */
interface PageContent {
  readonly title: string;
  readonly explanation: string;
  readonly button: string;
  readonly done: string;
  readonly asksForPassword: boolean;
  /** GraphQL document; its variables are `token` and, where asked for, `password`. */
  readonly document: string;
}

/** The pages by the last part of their path. */
export const LETTER_PAGES: Readonly<Record<LinkPage, PageContent>> = {
  'verify-email': {
    title: 'Confirm your e-mail address',
    explanation: 'Press the button to confirm that the letter reached you.',
    button: 'Confirm',
    done: 'Your e-mail address is confirmed. You can sign in now, unless the moderators have yet to approve your account.',
    asksForPassword: false,
    document:
      'mutation ($token: String!) { result: verifyEmail(input: { token: $token }) { userErrors { message } } }',
  },
  'reset-password': {
    title: 'Choose a new password',
    explanation: 'Every session and token of your account ends.',
    button: 'Set the password',
    done: 'Your new password works now. Sign in with it.',
    asksForPassword: true,
    document:
      'mutation ($token: String!, $password: String!) { result: resetPassword(input: { token: $token, password: $password }) { userErrors { message } } }',
  },
  'undo-email-change': {
    title: 'Keep this e-mail address',
    explanation:
      'The account keeps this address, everybody is signed out, the password stops working, and a letter with which you choose a new one comes to this address.',
    button: 'Keep this address',
    done: 'Done. A letter for a new password is on its way.',
    asksForPassword: false,
    document:
      'mutation ($token: String!) { result: undoEmailChange(input: { token: $token }) { userErrors { message } } }',
  },
};

const STYLE = `body{font:1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem;color-scheme:light dark}
label,input,button{display:block;font:inherit;width:100%;box-sizing:border-box;margin:.5rem 0;padding:.5rem}
label{padding:0}`;

/** A page with the policy that lets exactly its own script and style run. */
export interface LetterPage {
  readonly html: string;
  readonly policy: string;
}

/** Makes a page. */
export function letterPage(content: PageContent): LetterPage {
  const script = scriptOf(content);
  const password = content.asksForPassword
    ? '<label for="password">New password, at least 8 characters</label><input id="password" type="password" autocomplete="new-password" minlength="8" maxlength="256" required>'
    : '';
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>${content.title}</title><style>${STYLE}</style></head><body><main><h1>${content.title}</h1><form id="form"><p>${content.explanation}</p>${password}<button>${content.button}</button></form><p id="outcome" role="status"></p><noscript><p>This page needs JavaScript.</p></noscript></main><script>${script}</script></body></html>`;
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(STYLE)}'`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return { html, policy };
}

function scriptOf({ document, done }: PageContent): string {
  return `const token=location.hash.slice(1);history.replaceState(null,'',location.pathname);
const form=document.getElementById('form'),outcome=document.getElementById('outcome'),password=document.getElementById('password');
form.addEventListener('submit',async event=>{event.preventDefault();outcome.textContent='…';
try{const response=await fetch('/graphql',{method:'POST',headers:{'content-type':'application/json'},
body:JSON.stringify({query:${JSON.stringify(document)},variables:{token,...(password&&{password:password.value})}})});
const {data,errors}=await response.json();const refusal=errors?.[0]??data.result.userErrors[0];
outcome.textContent=refusal?refusal.message:${JSON.stringify(done)};form.hidden=!refusal;
}catch{outcome.textContent='The server cannot be reached. Try again later.'}});`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
