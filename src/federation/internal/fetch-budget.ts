/** How much of other servers one activity makes us ask for. */
import type { Services } from '../../platform/context.js';
import type { HttpClient } from '../../platform/http-client.js';
import { OutsideUnavailable } from '../../platform/outside-unavailable.js';

/** Documents, whoever has them: notes and those who wrote them. Whose a handle is comes with whose it is said to be. */
const MOST_DOCUMENTS = 20;
const HANDLES = '/.well-known/webfinger?';

/** The same, with a client that gets so many documents and then nothing more, as if it were not there. */
export function withFetchBudget<Some extends Pick<Services, 'http'>>(services: Some): Some {
  let left = MOST_DOCUMENTS;
  const get: HttpClient['get'] = (url, limits, headersFor) => {
    const isDocument = !url.includes(HANDLES);
    if (isDocument && left <= 0)
      return Promise.reject(
        new OutsideUnavailable('BUDGET', `More than ${MOST_DOCUMENTS} documents.`),
      );
    if (isDocument) left -= 1;
    return services.http.get(url, limits, headersFor);
  };
  const http = Object.create(services.http, { get: { value: get } }) as HttpClient;
  return { ...services, http };
}
