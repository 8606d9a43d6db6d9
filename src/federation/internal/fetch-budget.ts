/** How much of other servers one activity makes us ask for. */
import type { Services } from '../../platform/context.js';
import type { HttpClient } from '../../platform/http-client.js';
import { OutsideUnavailable } from '../../platform/outside-unavailable.js';

/** Documents, whoever has them: notes and those who wrote them. Whose a handle is comes with whose it is said to be. */
const MOST_DOCUMENTS = 20;
/** Told by what is taken for an answer: whoever names a document can give it any address. */
const HANDLE_TYPE = 'application/jrd+json';

/** The same, with a client that gets so many documents and then nothing more, as if it were not there. */
export function withFetchBudget<Some extends Pick<Services, 'http'>>(services: Some): Some {
  let left = MOST_DOCUMENTS;
  const get: HttpClient['get'] = (url, limits, headersFor) => {
    const isDocument = !limits.contentTypes.includes(HANDLE_TYPE);
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
