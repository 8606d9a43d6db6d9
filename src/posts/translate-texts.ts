/** Translating what people wrote, by the service that the operator chose; each text and language once. */
import { createHash } from 'node:crypto';
import type { Services } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { OutsideUnavailable } from '../platform/outside-unavailable.js';
import { sanitizeHtml } from '../platform/sanitize-html.js';

/** A text in another language. */
export interface Translation {
  /** Sanitised HTML. */
  readonly html: string;
  /** BCP 47 as the service says; null when it does not. */
  readonly detectedLanguage: string | null;
}

interface StoredTranslation extends Translation {
  readonly digest: Buffer;
}

const LIMITS = { maxBytes: 1024 * 1024, timeoutMs: 10_000, contentTypes: ['application/json'] };

const FIND = statement(
  'translations.find',
  `select text_digest as digest, html, detected_language as "detectedLanguage"
   from translations where text_digest = any($1::bytea[]) and language = $2`,
);
const KEEP = statement(
  'translations.keep',
  `insert into translations (text_digest, language, html, detected_language, created_at) values ($1, $2, $3, $4, $5)
   on conflict do nothing`,
);

/**
 * Translates texts that the viewer is known to see.
 *
 * @param texts sanitised HTML
 * @param language BCP 47; the service is asked for it without region
 * @returns in the same order; null for a blank text, and where no service is set up or it does not answer
 */
export async function translateTexts(
  services: Services,
  texts: readonly string[],
  language: string,
): Promise<(Translation | null)[]> {
  if (services.config.translate === null) return texts.map(() => null);
  const target = language.split('-')[0]!.toLowerCase();
  const digests = texts.map((text) => createHash('sha256').update(text).digest());
  const stored = await services.database.rows<StoredTranslation>(FIND, [digests, target]);
  const known = new Map<string, Promise<Translation | null>>(
    stored.map(({ digest, ...found }) => [digest.toString('hex'), Promise.resolve(found)]),
  );
  return Promise.all(
    texts.map((text, index): Promise<Translation | null> => {
      const key = digests[index]!.toString('hex');
      const found = known.get(key) ?? translate(services, text, digests[index]!, target);
      known.set(key, found);
      return found;
    }),
  );
}

async function translate(
  services: Services,
  text: string,
  digest: Buffer,
  language: string,
): Promise<Translation | null> {
  const translation = text.trim() === '' ? null : await ask(services, text, language);
  if (!translation) return null;
  const { html, detectedLanguage } = translation;
  const now = services.clock.now();
  await services.database.rows(KEEP, [digest, language, html, detectedLanguage, now]);
  return translation;
}

/** @source https://docs.libretranslate.com, POST /translate */
async function ask(
  { config, http, log }: Services,
  text: string,
  language: string,
): Promise<Translation | null> {
  const { url, apiKey } = config.translate!;
  const question = {
    q: text,
    source: 'auto',
    target: language,
    format: 'html',
    ...(apiKey !== null && { api_key: apiKey }),
  };
  try {
    const { body } = await http.askTrusted(
      `${url.replace(/\/+$/, '')}/translate`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(question),
      },
      LIMITS,
    );
    return readTranslation(body.toString());
  } catch (error) {
    if (!(error instanceof OutsideUnavailable)) throw error;
    log.warn({ failure: error.failure, language }, 'no translation');
    return null;
  }
}

function readTranslation(json: string): Translation | null {
  try {
    const answer = JSON.parse(json) as {
      translatedText?: unknown;
      detectedLanguage?: { language?: unknown } | null;
    } | null;
    if (typeof answer?.translatedText !== 'string') return null;
    const detected = answer.detectedLanguage?.language;
    const isTag =
      typeof detected === 'string' && /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/.test(detected);
    return {
      html: sanitizeHtml(answer.translatedText),
      detectedLanguage: isTag ? detected : null,
    };
  } catch {
    return null;
  }
}
