/**
 * Proofs that travel with what they prove (FEP-8b32, eddsa-jcs-2022): whoever brings an activity, its actor said it. Made
 * and checked with node:crypto over the canonical form of the JSON; no context is looked up.
 */
import { createHash, sign, verify, type KeyObject } from 'node:crypto';
import { originOf } from '../addresses.js';
import { canonicalise } from './canonical-json.js';
import { fromMultibase, fromMultikey, toMultibase } from './multibase.js';
import type { JsonObject } from './read-document.js';
import { instantOf, listOf, objectOf, textOf } from './read-properties.js';

/** A key that an actor names as its own. */
export interface PublicProofKey {
  readonly id: string;
  readonly multibase: string;
}

/** A key of ours. */
export interface ProofKey {
  readonly id: string;
  readonly key: KeyObject;
}

/**
 * What the proofs of a document say. ABSENT = there is none of a kind that we know; UNKNOWN_KEY = one is by a key that
 * the actor is not known to have; VALID = there are some, and none is wrong.
 */
export type ProofVerdict = 'ABSENT' | 'VALID' | 'INVALID' | 'UNKNOWN_KEY';

const SUITE = 'eddsa-jcs-2022';
const MOST_PROOFS = 4;
const MOST_SKEW_MS = 60 * 60 * 1000;

/** Adds the proof of an actor of ours; a document has to have its final form. */
export function withProof<Document extends object>(
  document: Document,
  { id, key }: ProofKey,
  now: Date,
): Document & { readonly proof: object } {
  const unsecured = JSON.parse(JSON.stringify(document)) as JsonObject;
  const options = {
    '@context': unsecured['@context'],
    type: 'DataIntegrityProof',
    cryptosuite: SUITE,
    // Whoever reads it as an instant writes it without a fraction again.
    created: `${now.toISOString().slice(0, 19)}Z`,
    verificationMethod: id,
    proofPurpose: 'assertionMethod',
  };
  const proofValue = toMultibase(sign(null, digestOf(options, unsecured), key));
  return { ...document, proof: { ...options, proofValue } };
}

/** The proofs of a document that are of a kind that we know. */
export function proofsOf(document: JsonObject): readonly JsonObject[] {
  return listOf(document['proof'])
    .map((one) => objectOf(one))
    .filter((one) => one?.['type'] === 'DataIntegrityProof' && one['cryptosuite'] === SUITE)
    .filter((one) => one !== null);
}

/** Judges the proofs of what an actor is said to have said. */
export function judgeProofs(
  document: JsonObject,
  actorUri: string,
  keys: readonly PublicProofKey[],
  now: Date,
): ProofVerdict {
  const proofs = proofsOf(document);
  if (proofs.length === 0) return 'ABSENT';
  if (proofs.length > MOST_PROOFS) return 'INVALID';
  const { proof: _proof, ...unsecured } = document;
  const verdicts = proofs.map((proof) => judge(proof, unsecured, actorUri, keys, now));
  return (
    verdicts.find((one) => one === 'INVALID') ?? verdicts.find((one) => one !== 'VALID') ?? 'VALID'
  );
}

/** When the last of the proofs was made; null when one does not say. */
export function provenSince(document: JsonObject): Date | null {
  const instants = proofsOf(document).map(({ created }) => instantOf(created)?.getTime() ?? NaN);
  const first = Math.min(...instants);
  return Number.isFinite(first) ? new Date(first) : null;
}

function judge(
  proof: JsonObject,
  unsecured: JsonObject,
  actorUri: string,
  keys: readonly PublicProofKey[],
  now: Date,
): ProofVerdict {
  const method = textOf(proof['verificationMethod']);
  if (method === null || originOf(method) !== originOf(actorUri)) return 'INVALID';
  if (!isTimely(proof, now) || proof['proofPurpose'] !== 'assertionMethod') return 'INVALID';
  const named = keys.find(({ id }) => id === method);
  if (!named) return 'UNKNOWN_KEY';
  const key = fromMultikey(named.multibase);
  const signature = fromMultibase(textOf(proof['proofValue']) ?? '');
  if (!key || signature?.length !== 64) return 'INVALID';
  const isRight = (options: JsonObject): boolean =>
    verify(null, digestOf(options, unsecured), key, signature);
  return optionsOf(proof, unsecured).some(isRight) ? 'VALID' : 'INVALID';
}

/**
 * What the proof says of itself, which it proves as well. The context has to be that of the document, where it is given;
 * some leave out what is given with the document.
 */
function optionsOf(
  { proofValue: _value, ...options }: JsonObject,
  unsecured: JsonObject,
): readonly JsonObject[] {
  const context = unsecured['@context'];
  if (options['@context'] !== undefined)
    return canonicalise(options['@context']) === canonicalise(context) ? [options] : [];
  return context === undefined ? [options] : [{ ...options, '@context': context }, options];
}

function isTimely({ created, expires }: JsonObject, now: Date): boolean {
  const [from, until] = [instantOf(created), instantOf(expires)];
  if (!from || from.getTime() > now.getTime() + MOST_SKEW_MS) return false;
  return expires === undefined || (until !== null && until >= now);
}

function digestOf(options: object, unsecured: object): Buffer {
  return Buffer.concat([hashOf(options), hashOf(unsecured)]);
}

function hashOf(value: object): Buffer {
  return createHash('sha256').update(canonicalise(value)).digest();
}
