// Settings of the embedded PostgreSQL, for a machine that it shares with the server itself.

const common = {
  max_connections: '100',
  shared_buffers: '128MB',
  effective_cache_size: '1GB',
  max_wal_size: '512MB',
  // Solid-state disks: a random page costs about as much as the next one.
  random_page_cost: '1.1',
  // Many small requests share the processors; one query must not take them all, nor memory in /dev/shm.
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  io_method: 'sync',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  log_line_prefix: '%m [%p] ',
  log_checkpoints: 'off',
  // What people write stands in statements and in the details of errors, so neither goes into the log.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};

const fast = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  // A test asks most of its statements once or twice; making a plan for each time is a third of what that costs.
  plan_cache_mode: 'force_generic_plan',
};

/** Names and values for postgresql.conf; `fast` trades the safety of the files against a power cut for speed. */
export function settingsFor(durability: 'safe' | 'fast'): Record<string, string> {
  return durability === 'fast' ? { ...common, ...fast } : common;
}
