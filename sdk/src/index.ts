/** The client of Triptych servers. */
export * from './api/operation.js';
export * from './api/operations.js';
export { TriptychClient } from './client/client.js';
export {
  ApiError,
  NetworkError,
  RefusedError,
  requireDone,
  type Refusal,
} from './client/errors.js';
export { Transport, type ClientOptions } from './client/transport.js';
export { whenReady, type UploadOptions } from './client/upload.js';
export {
  MlsRefusal,
  wipe,
  type Authenticate,
  type DeviceKeys,
  type Encrypted,
  type KeyPackageFacts,
  type Member,
  type MembershipChange,
  type MlsEngine,
  type MlsGroup,
  type NewKeyPackage,
  type PendingCommit,
  type Received,
} from './mls/engine.js';
export { createMlsEngine } from './mls/ts-mls-engine.js';
