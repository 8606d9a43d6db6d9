// `triptych feed explain`: the recipes of feeds for people.
import { Command } from 'commander';

import { ADJUSTMENTS, type Algorithm } from '../ranking/algorithm.js';
import { ALGORITHMS, CHRONOLOGICAL } from '../ranking/algorithms.js';
import { CANDIDATE_SOURCES } from '../ranking/ranking-input.js';
import { SIGNALS, WEIGHT_UNIT } from '../ranking/signal.js';
import { columns, print, printJson } from './output.js';

/** The command; needs neither configuration nor data. */
export function feedExplain(): Command {
  return new Command('explain')
    .description('Tells how each feed is made')
    .option('--json', 'answer as JSON')
    .option('--markdown', 'print the reference page')
    .action(({ json, markdown }: { json?: true; markdown?: true }) => {
      if (markdown) return print(feedsPage().trimEnd());
      if (json) return printJson(ALGORITHMS);
      return print(columns(ALGORITHMS.map(({ slug, version, name }) => [slug, version, name])));
    });
}

/** The page of all recipes in Markdown, ending in a line feed. */
export function feedsPage(): string {
  return [
    '# Feeds',
    '',
    'How each feed is made: everything that has a part in it, and nothing else has. The score of a post is Σ weight × signal, plus',
    'adjustments, and the order is that of the scores. What an author pays, or may use, is no input. `Instance.feedAlgorithms` says',
    'the same to programs; every post in a feed carries its own explanation.',
    '',
    'This page is generated: `triptych feed explain --markdown > src/FEEDS.md`.',
    '',
    ...ALGORITHMS.flatMap(section),
    '## Signals',
    '',
    'Each lies between 0 and 1, and NEGATIVE_FEEDBACK between −1 and 0; whole in millionths.',
    '',
    '| Signal | Formula |',
    '|---|---|',
    ...Object.entries(SIGNALS).map(([name, formula]) => `| ${name} | ${formula} |`),
    '',
    '## Sources',
    '',
    '| Source | Posts |',
    '|---|---|',
    ...Object.entries(CANDIDATE_SOURCES).map(([name, sentence]) => `| ${name} | ${sentence} |`),
    '',
  ].join('\n');
}

function section(algorithm: Algorithm): string[] {
  const { slug, version, name, description, sources, signals, changelog } = algorithm;
  const isDefault = algorithm === CHRONOLOGICAL ? ', the default' : '';
  return [
    `## ${name}`,
    '',
    `\`${slug}\`, version ${version}${isDefault}. ${description}`,
    '',
    `Candidates, at most: ${sources.map(({ source, limit }) => `${limit} ${source}`).join(', ')}.`,
    '',
    '| Signal | Weight | Bounds |',
    '|---|---|---|',
    ...signals.map(
      ({ signal, weight, min, max }) =>
        `| ${signal} | ${weight / WEIGHT_UNIT} | ${min < max ? `${min / WEIGHT_UNIT}–${max / WEIGHT_UNIT}` : 'fixed'} |`,
    ),
    '',
    ...adjustments(algorithm),
    'Changes:',
    '',
    ...changelog.map((change) => `* ${change.version}, ${change.changedOn}: ${change.summary}`),
    '',
  ];
}

function adjustments({ diversityWindow, explorationEvery, filtersSeen }: Algorithm): string[] {
  const lines = [
    ...(diversityWindow === null
      ? []
      : [`* AUTHOR_DIVERSITY, ${diversityWindow} in a row: ${ADJUSTMENTS.AUTHOR_DIVERSITY}`]),
    ...(explorationEvery === null
      ? []
      : [`* EXPLORATION, one of ${explorationEvery}: ${ADJUSTMENTS.EXPLORATION}`]),
    ...(filtersSeen
      ? ['* Left out: what the viewer has seen, and what they hid or muted in feeds.']
      : []),
  ];
  return lines.length === 0 ? [] : ['Adjustments:', '', ...lines, ''];
}
