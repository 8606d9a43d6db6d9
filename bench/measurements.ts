// What `npm run bench` can measure: name → module that exports `run()`.

/** In the order in which they run. */
export const MEASUREMENTS: Readonly<Record<string, string>> = {
  home: './home-timeline.js',
  growth: './home-growth.js',
  feeds: './feed-growth.js',
  search: './search.js',
  apollo: './apollo-overhead.js',
  publish: './publishing.js',
  'fan-out': './fan-out.js',
  inbox: './inbox.js',
  delivery: './delivery.js',
  chat: './chat.js',
  notifications: './notification-fan-in.js',
  live: './subscriptions.js',
  photos: './photo-renditions.js',
  videos: './video-ladder.js',
  ranges: './range-serving.js',
  attachments: './attachments.js',
  export: './export-memory.js',
  start: './start.js',
};
