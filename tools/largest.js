// Prints the largest files and functions of src: a mirror, not a gate. Split where a file holds two ideas.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Visitor, parseSync } from 'oxc-parser';

const shown = Number(process.argv[2] ?? 10);
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => path.join('src', file));

const sizes = [];
const functions = [];
for (const file of files) measure(file, readFileSync(path.join(root, file), 'utf8'));
print('Files', sizes);
print('Functions', functions);

function measure(file, source) {
  sizes.push({ name: file, lines: source.trimEnd().split('\n').length });
  const lineAt = (offset) => source.slice(0, offset).split('\n').length;
  const add = (node, name) => {
    const line = lineAt(node.start);
    functions.push({ name: `${file}:${line} ${name}`, lines: lineAt(node.end) - line + 1 });
  };
  new Visitor({
    FunctionDeclaration: (node) => add(node, node.id?.name ?? 'default'),
    MethodDefinition: (node) => add(node, node.key.name ?? '[computed]'),
    VariableDeclarator: (node) => {
      const isFunction = ['ArrowFunctionExpression', 'FunctionExpression'].includes(
        node.init?.type,
      );
      if (isFunction && node.id.type === 'Identifier') add(node, node.id.name);
    },
  }).visit(parseSync(file, source).program);
}

function print(title, list) {
  list.sort((one, other) => other.lines - one.lines);
  const median = list[Math.floor(list.length / 2)]?.lines ?? 0;
  console.log(`${title}: ${list.length}, median ${median} lines; the largest:`);
  for (const { name, lines } of list.slice(0, shown))
    console.log(`${String(lines).padStart(6)}  ${name}`);
}
