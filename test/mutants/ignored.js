/** What is not mutated, because it is for people and decides nothing. */
const WORDS = {
  description: 'a description, which lands in pictures',
  message: 'a sentence for people',
  hint: 'a sentence for people',
  options: 'a limit that stands against endless loops of our own making',
};

export const strykerPlugins = [
  {
    kind: 'Ignore',
    name: 'words',
    value: {
      shouldIgnore(path) {
        const { node, parent } = path;
        if (path.isObjectProperty() && node.key.type === 'Identifier') return WORDS[node.key.name];
        const isName =
          path.isStringLiteral() && parent.type === 'CallExpression' && parent.callee.type === 'Identifier';
        if (isName && /oBeProvided$/.test(parent.callee.name)) return 'the name that a missing actor is called by';
        return undefined;
      },
    },
  },
];
