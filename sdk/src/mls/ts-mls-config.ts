/** How ts-mls is used here. */
import {
  defaultKeyPackageEqualityConfig,
  getCiphersuiteFromName,
  type Capabilities,
  type CiphersuiteImpl,
  type CiphersuiteName,
  type ClientConfig,
  type Lifetime,
} from 'ts-mls';
import { textOf } from '../crypto/bytes.js';
import type { Authenticate } from './engine.js';
import { sodiumProvider } from './sodium-provider.js';

/** The suite that every client has. */
export const SUITE_NAME: CiphersuiteName = 'MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519';

/** Written out: the defaults of ts-mls name suites by numbers that others use otherwise. */
export const CAPABILITIES: Capabilities = {
  versions: ['mls10'],
  ciphersuites: [SUITE_NAME],
  extensions: [],
  proposals: [],
  credentials: ['basic'],
};

const DAY = 24 * 60 * 60;
const YEAR = 365 * DAY;
const HOUR = 60 * 60;

/** The cryptography of the suite. */
export const loadSuite = (): Promise<CiphersuiteImpl> =>
  sodiumProvider.getCiphersuiteImpl(getCiphersuiteFromName(SUITE_NAME));

/** Twelve months, as other clients of the fediverse have it. */
export function lifetimeFrom(now: Date): Lifetime {
  const seconds = Math.floor(now.getTime() / 1000);
  return { notBefore: BigInt(seconds - HOUR), notAfter: BigInt(seconds + YEAR) };
}

/** @param authenticate asked for each leaf that comes in or changes */
export function configOf(authenticate: Authenticate): ClientConfig {
  return {
    keyRetentionConfig: {
      // Messages arrive in the order of the server, so few are ever missing; those of a lost connection may be many.
      retainKeysForGenerations: 10,
      retainKeysForEpochs: 4,
      maximumForwardRatchetSteps: 2000,
    },
    lifetimeConfig: { maximumTotalLifetime: BigInt(400 * DAY), validateLifetimeOnReceive: false },
    keyPackageEqualityConfig: defaultKeyPackageEqualityConfig,
    paddingConfig: { kind: 'padUntilLength', padUntilLength: 256 },
    authService: {
      validateCredential: async (credential, signatureKey) => {
        const isBasic = 'identity' in credential && credential.credentialType === 'basic';
        return isBasic && authenticate(textOf(credential.identity), signatureKey);
      },
    },
  };
}
