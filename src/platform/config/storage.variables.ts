// Rows of the configuration table: where media are stored.
import { boolean, directory, oneOf, text, url } from './rules.js';
import { optional, withDefault } from './variable.js';

const BOTH = 'while both storages are s3';
const REQUIRED = `required ${BOTH}`;

/**
 * Media storage. The S3_ variables belong to the storage that is s3, the present or the previous one; where both are,
 * those of the previous one begin with S3_PREVIOUS_.
 */
export const storageVariables = {
  STORAGE: withDefault(oneOf('filesystem', 's3'), 'filesystem', {
    description: 'Where media are kept: in STORAGE_DIR, or in an S3-compatible bucket.',
  }),
  STORAGE_DIR: optional(directory, 'DATA_DIR/media', {
    description: 'Directory of media that are kept in files; it holds nothing else.',
  }),
  STORAGE_PREVIOUS: optional(oneOf('filesystem', 's3'), 'everything is in STORAGE', {
    description:
      'Where media were kept before, while `triptych storage move` brings them to STORAGE: what is not there yet is still read here.',
  }),
  STORAGE_PREVIOUS_DIR: optional(directory, 'DATA_DIR/media', {
    description: 'As STORAGE_DIR, of STORAGE_PREVIOUS, where both storages are files.',
  }),
  S3_ENDPOINT: optional(url('https', 'http'), "Amazon's endpoint of S3_REGION", {
    description: 'Address of the S3-compatible service.',
  }),
  S3_REGION: withDefault(text(100), 'us-east-1', {
    description: 'Region of the bucket.',
  }),
  S3_BUCKET: optional(text(255), 'required where media are kept in s3', {
    description:
      'Name of the bucket, which must exist, be closed to the public and hold nothing else.',
  }),
  S3_ACCESS_KEY_ID: optional(text(255), 'required where media are kept in s3', {
    description: 'Name of the key that may list, read, write and delete in the bucket.',
  }),
  S3_SECRET_ACCESS_KEY: optional(text(255), 'required where media are kept in s3', {
    description: 'Secret part of the key.',
    secret: true,
  }),
  S3_FORCE_PATH_STYLE: withDefault(boolean, 'false', {
    description:
      'Puts the bucket into the path instead of the host name, as most services other than Amazon want it.',
  }),
  S3_PREVIOUS_ENDPOINT: optional(url('https', 'http'), "Amazon's endpoint of S3_PREVIOUS_REGION", {
    description: `As S3_ENDPOINT, of STORAGE_PREVIOUS ${BOTH}.`,
  }),
  S3_PREVIOUS_REGION: withDefault(text(100), 'us-east-1', {
    description: `As S3_REGION, of STORAGE_PREVIOUS ${BOTH}.`,
  }),
  S3_PREVIOUS_BUCKET: optional(text(255), REQUIRED, {
    description: `As S3_BUCKET, of STORAGE_PREVIOUS ${BOTH}.`,
  }),
  S3_PREVIOUS_ACCESS_KEY_ID: optional(text(255), REQUIRED, {
    description: `As S3_ACCESS_KEY_ID, of STORAGE_PREVIOUS ${BOTH}.`,
  }),
  S3_PREVIOUS_SECRET_ACCESS_KEY: optional(text(255), REQUIRED, {
    description: `As S3_SECRET_ACCESS_KEY, of STORAGE_PREVIOUS ${BOTH}.`,
    secret: true,
  }),
  S3_PREVIOUS_FORCE_PATH_STYLE: withDefault(boolean, 'false', {
    description: `As S3_FORCE_PATH_STYLE, of STORAGE_PREVIOUS ${BOTH}.`,
  }),
};
