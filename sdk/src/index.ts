/** The client of Triptych servers. */
export * from './api/operation.js';
export * from './api/operations.js';
export { TriptychClient } from './client/client.js';
export {
  ApiError,
  DeviceRevokedError,
  HubUnreachableError,
  NetworkError,
  RateLimitedError,
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
export { restoreBackup, saveBackup } from './chat/whole-backup.js';
export { decodePayload, encodePayload, newId } from './chat/activity.js';
export {
  AttachmentError,
  openFile,
  openPieces,
  paddedSize,
  sealedSize,
  sealFile,
  sealPieces,
  type SealedFile,
} from './chat/attachments.js';
export {
  BackupError,
  newRecoveryKey,
  openBackup,
  printRecoveryKey,
  readRecoveryKey,
  sealBackup,
  type BackupContents,
} from './chat/backup.js';
export { Chat } from './chat/chat.js';
export { fetchBackup, keepBackup } from './chat/kept-backup.js';
export type { DeviceAbout, OwnDevice } from './chat/device.js';
export type { Proof } from './chat/franking.js';
export type { PushPlace } from './chat/push.js';
export type { MessageReport } from './chat/reports.js';
export { fileOf, type FileAbout, type FileSource } from './chat/file-source.js';
export type { FileOptions, Files, KeptFile } from './chat/files.js';
export { fingerprint, isAttested, safetyNumber } from './chat/identity.js';
export {
  answerLink,
  openLink,
  requestLink,
  type Linked,
  type LinkRequest,
} from './chat/linking.js';
export type { KeyLogFinding } from './chat/key-log-words.js';
export type { PeerLogs } from './chat/peer-logs.js';
export { isContinued, isIncluded, leafHashOf, type TreeHead } from './chat/merkle.js';
export { NoDeviceError } from './chat/membership.js';
export type { AttachmentContent, NewPayload, Payload } from './chat/payload.js';
export type { Notice, Noticed } from './chat/notices.js';
export { HeldError, SuspectKeysError } from './chat/held.js';
export type { Requests } from './chat/requests.js';
export type { Repaired } from './chat/recovery.js';
export { UntrustedDeviceError, type People, type Shown, type Standing } from './chat/people.js';
export type {
  ChatNews,
  Doubt,
  LogStanding,
  StoredConversation,
  StoredMessage,
} from './chat/records.js';
export { htmlOf, plainOf, sanitise } from './chat/sanitise.js';
export type { Signal } from './chat/signals.js';
export { TIMER_SECONDS } from './chat/timers.js';
export { textOf } from './chat/search.js';
export {
  MemoryStorage,
  StoreDamagedError,
  StoreInUseError,
  StoreKeyError,
  type Changes,
  type Storage,
} from './store/storage.js';
export { Store, STORE_KEY_BYTES, type Transaction } from './store/store.js';
export { openIdbStorage } from './store/idb-storage.js';
