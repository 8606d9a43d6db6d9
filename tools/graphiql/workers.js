// Where Monaco finds its workers: files beside this bundle.
const FILES = { json: './json.worker.js', graphql: './graphql.worker.js' };

globalThis.MonacoEnvironment = {
  getWorker: (_id, label) =>
    new Worker(new URL(FILES[label] ?? './editor.worker.js', import.meta.url), { name: label }),
};
