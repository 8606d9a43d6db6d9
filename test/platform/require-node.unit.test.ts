import { expect, test } from '@jest/globals';

import { requireNode } from '../../src/platform/require-node.js';

test('an older Node is refused by name', () => {
  expect(() => requireNode('v20.19.2')).toThrow('needs Node 24 or later and this is v20.19.2');
  expect(() => requireNode('v9.0.0')).toThrow('v9.0.0');
});

test('the Node of this run, and later ones, are taken', () => {
  expect(() => requireNode(process.version)).not.toThrow();
  expect(() => requireNode('v100.0.0')).not.toThrow();
});
