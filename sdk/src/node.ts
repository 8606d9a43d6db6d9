/** What only Node has: the storage in a file, and files to send. */
export { fileOfPath } from './chat/file-of-path.js';
export { openFileStorage } from './store/file-storage.js';
