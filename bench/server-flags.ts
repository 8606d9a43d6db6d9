/** Flags of Node in the `start` script of package.json: what is measured runs as the server does. */
export const SERVER_FLAGS = ['--max-semi-space-size=16', '--expose-gc', '--enable-source-maps'];
