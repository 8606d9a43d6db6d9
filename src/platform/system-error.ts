// Errors of the operating system, told apart by their code.

/** Whether this is an error with the given code, such as ENOENT. */
export function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
