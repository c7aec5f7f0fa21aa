/** The rooms of src/ and what each may import: everything that is not listed here is refused. */
const rooms = {
  domain: [],
  oci: ['domain'],
  vm: ['domain'],
  documents: ['domain', 'oci', 'vm'],
  machines: ['domain'],
  hcs: ['domain', 'vm'],
  journal: ['domain', 'hcs', 'vm'],
  actors: ['domain', 'oci', 'vm', 'documents', 'machines', 'hcs', 'journal'],
  observe: ['domain'],
  engine: ['domain', 'oci', 'vm', 'documents', 'machines', 'hcs', 'journal', 'actors', 'observe'],
  inspector: ['domain', 'hcs', 'journal', 'observe', 'engine'],
  testing: ['domain', 'oci', 'vm', 'documents', 'machines', 'hcs', 'journal', 'actors', 'observe', 'engine'],
  cli: [
    'domain',
    'oci',
    'vm',
    'documents',
    'machines',
    'hcs',
    'journal',
    'actors',
    'observe',
    'engine',
    'inspector',
    'testing',
  ],
};

const roomRules = Object.entries(rooms).map(([room, allowed]) => ({
  name: `${room}-imports-only-what-lies-below-it`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: '^src/', pathNot: [room, ...allowed].map((name) => `^src/${name}/`) },
}));

module.exports = {
  forbidden: [
    ...roomRules,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'machines-hold-no-io',
      severity: 'error',
      from: { path: '^src/machines/' },
      to: { pathNot: ['^src/', '(^|/)node_modules/xstate/'] },
    },
    {
      name: 'vm-holds-no-io',
      severity: 'error',
      from: { path: '^src/vm/' },
      to: { pathNot: ['^src/', '^(node:)?(path|crypto)$'] },
    },
    {
      name: 'inspector-knows-no-statechart-library',
      severity: 'error',
      from: { path: '^src/inspector/' },
      to: { path: '(^|/)node_modules/xstate/' },
    },
    {
      name: 'what-the-page-shows-runs-in-a-browser',
      severity: 'error',
      from: { path: '^src/inspector/(story|page)/' },
      to: {
        path: '^(node:)?(assert|crypto|fs|http|module|net|os|path|process|stream|timers|util|zlib)(/|$)',
        reachable: true,
      },
    },
    {
      name: 'domain-is-self-contained',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { pathNot: '^src/domain/' },
    },
    {
      name: 'only-the-ledger-makes-intents',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/journal/' },
      to: { path: '^src/journal/intentOf' },
    },
    {
      name: 'examples-are-users',
      comment:
        'They, and their tests, import the package by its name, as everybody else does. What they share with other tests knows nothing of it: a browser, and how a folder is removed.',
      severity: 'error',
      from: { path: '^(examples|test/examples/orchestrator)/' },
      to: { path: '^(src|bench|scripts|test/(?!examples/|support/(browser|removeFolder)))' },
    },
    {
      name: 'src-never-imports-tests',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench|examples)/' },
    },
  ],
  options: {
    parser: 'swc',
    // The parser does not know them; the bundler refuses what a browser has not.
    exclude: { path: '\\.tsx$' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
