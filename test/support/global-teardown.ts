// After the last database test: stops the PostgreSQL of the run and removes its files.
export default async function globalTeardown(): Promise<void> {
  await globalThis.stopTestPostgres?.();
}
