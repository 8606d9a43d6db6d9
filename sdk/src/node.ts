/** What only Node has: the storage in a file. */
export { openFileStorage } from './store/file-storage.js';
