import { containerDocument } from '../src/documents/containerDocument.ts';
import type { DocumentInput } from '../src/documents/input.ts';
import { mappedDirectories, mappedPipes } from '../src/documents/mounts.ts';
import { networkingOf } from '../src/documents/networking.ts';
import { processorOf } from '../src/documents/processor.ts';
import { registryValues } from '../src/documents/registry.ts';
import { storageOf } from '../src/documents/storage.ts';
import { parseSpec } from '../src/oci/spec.ts';
import { type Benchmark, type Budget, measure, type Row } from './measure.ts';
import { webAllocations, webSettings } from './parts.ts';
import { FACTS, webSpec } from './web.ts';

const LAYERS = 10;
const MOUNTS = 20;

const indices = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Every other mount is read-only; no pipes, whose entries are shorter. */
function inputOf(): DocumentInput {
  const spec = webSpec();
  const folders = indices(LAYERS).map((n) => `C:\\layers\\layer-${n}`);
  const mounts = indices(MOUNTS).map((n) => ({
    source: `C:\\data\\volume-${n}`,
    destination: `C:\\app\\volume-${n}`,
    options: n % 2 === 0 ? ['ro'] : ['rw'],
  }));
  const windows = { ...spec.windows, layerFolders: [...folders, 'C:\\scratch\\web'] };
  return {
    spec: parseSpec({ ...spec, mounts, windows }).spec,
    settings: webSettings(),
    facts: FACTS,
    allocations: {
      ...webAllocations,
      layers: folders.map((path, n) => ({
        id: `00000000-0000-5000-8000-0000000000${String(n).padStart(2, '0')}`,
        path,
      })),
      mountSources: mounts.map(({ source }) => source),
    },
  };
}

async function run(budget: Budget): Promise<readonly Row[]> {
  const input = inputOf();
  const timed = { ...budget, timeMs: budget.timeMs / 10 };
  return measure(
    [
      { name: 'document, in total', run: () => containerDocument(input) },
      { name: '- storage', run: () => storageOf(input) },
      { name: '- mapped directories', run: () => mappedDirectories(input) },
      { name: '- mapped pipes', run: () => mappedPipes(input) },
      { name: '- registry', run: () => registryValues(input) },
      { name: '- networking', run: () => networkingOf(input) },
      { name: '- processor', run: () => processorOf(input) },
      { name: 'document, as JSON text', run: () => JSON.stringify(containerDocument(input)) },
    ],
    timed,
    'us',
  );
}

export const document: Benchmark = {
  name: 'document',
  title: `The document of ${LAYERS} layers and ${MOUNTS} mounts`,
  run,
};
