// No way out: names lead nowhere at once, so that no test waits for name servers, nor leaves a question to one behind.
import type { Foundation } from '../../src/app/compose.js';
import { HttpClient } from '../../src/platform/http-client.js';
import { requireOutside } from '../../src/platform/outside-post.js';

const unknown = (name: string): Error =>
  Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' });

/** What a server without network has. */
export const noNetwork: Required<Pick<Foundation, 'outside' | 'http'>> = {
  http: new HttpClient({
    name: 'test/1',
    resolve: (name, _options, answer) => answer(unknown(name), []),
  }),
  outside: async ({ url }) => {
    requireOutside(url);
    throw unknown(url.hostname);
  },
};
