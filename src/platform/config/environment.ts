// The one place that reads the environment of this process.

/** The environment of this process at this moment, as a copy. */
export function processEnvironment(): Record<string, string | undefined> {
  return { ...process.env };
}
