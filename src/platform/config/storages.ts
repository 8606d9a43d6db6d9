// From the variables of media storage to the storages that they name.
import path from 'node:path';
import type { ConfigProblem, StorageConfig } from '../config.js';
import type { Values } from './variables.js';

/** The present storage, and the one from which objects are moved to it; null: none are. */
export interface Storages {
  readonly storage: StorageConfig;
  readonly previousStorage: StorageConfig | null;
}

type Kind = StorageConfig['kind'];
/** Which of the variables are meant. */
type Prefix = 'S3_' | 'S3_PREVIOUS_';

/** Both, from variables without problems. */
export function storagesOf(values: Values): Storages {
  const { STORAGE: kind, STORAGE_PREVIOUS: previous } = values;
  const isSameKind = kind === previous;
  return {
    storage: storageOf(values, kind, 'S3_', values.STORAGE_DIR),
    previousStorage:
      previous &&
      (isSameKind
        ? storageOf(values, previous, 'S3_PREVIOUS_', values.STORAGE_PREVIOUS_DIR)
        : storageOf(values, previous, 'S3_', values.STORAGE_DIR)),
  };
}

function storageOf(
  values: Values,
  kind: Kind,
  prefix: Prefix,
  directory: string | null,
): StorageConfig {
  if (kind === 'filesystem')
    return { kind, directory: directory ?? path.join(values.DATA_DIR, 'media') };
  const endpoint = values[`${prefix}ENDPOINT`];
  return {
    kind: 's3',
    endpoint: endpoint === null ? null : new URL(endpoint),
    region: values[`${prefix}REGION`],
    bucket: values[`${prefix}BUCKET`] ?? '',
    accessKeyId: values[`${prefix}ACCESS_KEY_ID`] ?? '',
    secretAccessKey: values[`${prefix}SECRET_ACCESS_KEY`] ?? '',
    forcePathStyle: values[`${prefix}FORCE_PATH_STYLE`],
  };
}

/** What is missing, without effect, or one storage under two names. `isGiven` tells which variables are written. */
export function storageProblems(
  values: Values,
  isGiven: (name: keyof Values) => boolean,
): ConfigProblem[] {
  const { STORAGE: kind, STORAGE_PREVIOUS: previous } = values;
  const isBoth = (wanted: Kind): boolean => kind === wanted && previous === wanted;
  const hasFiles = kind === 'filesystem' || previous === 'filesystem';
  const named = kind === 's3' ? 'STORAGE=s3' : previous === 's3' ? 'STORAGE_PREVIOUS=s3' : null;
  const useless = (names: readonly (keyof Values)[], rule: string): ConfigProblem[] =>
    names
      .filter((name) => isGiven(name) && values[name] !== undefined)
      .map((variable) => ({ variable, given: null, rule }));
  const missing = (prefix: Prefix, because: string): ConfigProblem[] =>
    REQUIRED.map((name) => `${prefix}${name}` as const)
      .filter((name) => !isGiven(name))
      .map((variable) => ({ variable, given: null, rule: `is required with ${because}` }));
  const problems = [
    ...(named === null
      ? useless(NAMES.S3, 'has no effect without STORAGE=s3: set that, or remove this')
      : missing('S3_', named)),
    ...(isBoth('s3')
      ? missing('S3_PREVIOUS_', 'STORAGE_PREVIOUS=s3 beside STORAGE=s3')
      : useless(NAMES.S3_PREVIOUS, `${WITHOUT_BOTH} s3: remove this`)),
    ...(hasFiles ? [] : useless(['STORAGE_DIR'], 'has no effect without files: remove this')),
    ...(isBoth('filesystem')
      ? []
      : useless(['STORAGE_PREVIOUS_DIR'], `${WITHOUT_BOTH} filesystem: remove this`)),
  ];
  return problems.length > 0 ? problems : sameProblems(storagesOf(values));
}

const REQUIRED = ['BUCKET', 'ACCESS_KEY_ID', 'SECRET_ACCESS_KEY'] as const;
const ALL = [...REQUIRED, 'ENDPOINT', 'REGION', 'FORCE_PATH_STYLE'] as const;
const NAMES = {
  S3: ALL.map((name) => `S3_${name}` as const),
  S3_PREVIOUS: ALL.map((name) => `S3_PREVIOUS_${name}` as const),
};
const WITHOUT_BOTH = 'has no effect unless STORAGE and STORAGE_PREVIOUS are both';

/** A move to where everything is would remove it. */
function sameProblems({ storage, previousStorage }: Storages): ConfigProblem[] {
  if (previousStorage === null || !isSame(storage, previousStorage)) return [];
  const variable = storage.kind === 's3' ? 'S3_PREVIOUS_BUCKET' : 'STORAGE_PREVIOUS_DIR';
  const rule =
    storage.kind === 's3'
      ? 'must be another bucket than S3_BUCKET, or at another service'
      : 'must be another directory than STORAGE_DIR, and neither may be within the other';
  return [{ variable, given: null, rule }];
}

function isSame(one: StorageConfig, other: StorageConfig): boolean {
  if (one.kind === 'filesystem' && other.kind === 'filesystem')
    return isWithin(one.directory, other.directory) || isWithin(other.directory, one.directory);
  if (one.kind !== 's3' || other.kind !== 's3') return false;
  const isSamePlace =
    one.endpoint?.host === other.endpoint?.host &&
    (one.endpoint !== null || one.region === other.region);
  return isSamePlace && one.bucket === other.bucket;
}

function isWithin(inner: string, outer: string): boolean {
  const way = path.relative(outer, inner);
  return way === '' || (!way.startsWith('..') && !path.isAbsolute(way));
}
