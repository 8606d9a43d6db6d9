/** What somebody names by the address of a page, where that page leads to the document and does not give it itself. */
import type { OutsideLimits } from '../../platform/http-client.js';
import { OutsideUnavailable } from '../../platform/outside-unavailable.js';
import { fetchDocument, type FetchServices, type IdentifiedDocument } from './fetch-document.js';

const LIMITS: OutsideLimits = {
  maxBytes: 1024 * 1024,
  timeoutMs: 10_000,
  maxRedirects: 3,
  contentTypes: ['text/html', 'application/xhtml+xml'],
};
const DOCUMENT =
  /^application\/(?:activity\+json|ld\+json;\s*profile="https:\/\/www\.w3\.org\/ns\/activitystreams")/;
const NOT_ACCEPTABLE = 406;

/**
 * As `fetchDocument`, also by a page with a link to it. What is linked to is a document, or there is none: pages that lead
 * to pages are not followed.
 *
 * @throws {OutsideUnavailable} when it is not there
 * @throws {MalformedDocument} when what is there is something else
 */
export async function fetchByPage(
  services: FetchServices,
  url: string,
): Promise<IdentifiedDocument> {
  try {
    return await fetchDocument(services, url);
  } catch (error) {
    if (!mayBePage(error)) throw error;
    const { body, contentType, url: at } = await services.http.get(url, LIMITS);
    // Loaded with the first page: most are documents themselves.
    const { readAlternateAddress } = await import('../../platform/page-metadata.js');
    const address = readAlternateAddress(body, contentType, at, DOCUMENT);
    if (address === null) throw error;
    return fetchDocument(services, address);
  }
}

function mayBePage(error: unknown): boolean {
  if (!(error instanceof OutsideUnavailable)) return false;
  return error.failure === 'CONTENT_TYPE' || error.status === NOT_ACCEPTABLE;
}
