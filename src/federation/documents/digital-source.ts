/** How something was made, in the words of the press. @source IPTC digital source types; schema.org `digitalSourceType` */
import type { AiDisclosure } from '../../posts/post.entity.js';

const NEWSCODES = 'http://cv.iptc.org/newscodes/digitalsourcetype/';
const CODES: Readonly<Partial<Record<AiDisclosure, string>>> = {
  ASSISTED: `${NEWSCODES}compositeWithTrainedAlgorithmicMedia`,
  GENERATED: `${NEWSCODES}trainedAlgorithmicMedia`,
};

/** The address of what an author discloses; null for what was made without AI. */
export function digitalSourceOf(disclosure: AiDisclosure): string | null {
  return CODES[disclosure] ?? null;
}

/** What an author on another server discloses; what is unknown says nothing. */
export function disclosureOf(value: unknown): AiDisclosure {
  if (value === CODES.GENERATED) return 'GENERATED';
  return value === CODES.ASSISTED ? 'ASSISTED' : 'NONE';
}
