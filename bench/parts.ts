/** The parts of a create of the web request, each by itself. */
import { containerDocument } from '../src/documents/containerDocument.ts';
import { namespaceId, type ProvisionId } from '../src/domain/ids.ts';
import type { Settings } from '../src/domain/request.ts';
import { Ledger } from '../src/journal/ledger.ts';
import { memoryLedgerStore } from '../src/journal/store.ts';
import { planSteps } from '../src/oci/plan.ts';
import { settingsOf } from '../src/oci/settings.ts';
import { parseSpec } from '../src/oci/spec.ts';
import { validateRequest } from '../src/oci/validate.ts';
import { FACTS, type Finished, newProvisionId, parsedWebSpec, webRequest } from './web.ts';

const DEFAULTS = { owner: 'slipway', newId: () => newProvisionId() as string };

export const webSettings = (n = 0): Settings => settingsOf(webRequest(n), FACTS, DEFAULTS);

const LAYERS = ['C:\\layers\\web', 'C:\\layers\\nanoserver'].map((path, index) => ({
  id: `00000000-0000-5000-8000-00000000000${index}`,
  path,
}));

export const webAllocations = {
  layers: LAYERS,
  mountSources: ['\\\\?\\Volume{00000000-0000-0000-0000-000000000043}\\data\\web', null],
  deviceExtensions: [],
  volumePath: '\\\\?\\Volume{00000000-0000-0000-0000-000000000001}',
  networkNamespace: namespaceId('00000000-0000-4000-8000-000000000001'),
};

/** Reads the spec, and makes all checks and the plan. */
export function validateWeb(n = 0) {
  const request = webRequest(n);
  const settings = settingsOf(request, FACTS, DEFAULTS);
  const { spec } = parseSpec(request.spec);
  const evidence = { paths: { 'C:\\data\\web': 'directory' as const }, contents: {} };
  const validation = validateRequest({ request, spec, settings, facts: FACTS, evidence });
  return { spec, plan: planSteps(spec, settings), ...validation };
}

/** A function that makes the document of the web request. */
export function documentOfWeb(): () => object {
  const input = { spec: parsedWebSpec(), settings: webSettings(), facts: FACTS, allocations: webAllocations };
  return () => containerDocument(input);
}

/** Writes what a create writes into a ledger: the intent and the outcome of each resource. */
export async function writeLedger({ resources }: Finished, run: ProvisionId = newProvisionId()): Promise<void> {
  const ledger = await Ledger.open(run, memoryLedgerStore(), () => {});
  for (const { step, resource } of resources) {
    const { entry } = await ledger.intend(step, resource);
    await ledger.change(entry.id, 'held');
  }
}
