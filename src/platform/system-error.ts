// Errors of the operating system, told apart by their code.

/** Whether this is an error with the given code, such as ENOENT. */
export function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}

/** Whether there is no room for what was to be written, or whoever runs this may take no more of it. */
export function isDiskFull(error: unknown): boolean {
  if (hasCode(error, 'ENOSPC') || hasCode(error, 'EDQUOT')) return true;
  return error instanceof Error && error.cause !== undefined && isDiskFull(error.cause);
}
