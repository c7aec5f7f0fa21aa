import { type Container, createProvisioner } from '../src/index.ts';
import { simulatedHost } from '../src/testing/index.ts';
import { runBareChart, webChartRunner } from './charts.ts';
import { type Benchmark, type Budget, type Measured, measure, type Row } from './measure.ts';
import { documentOfWeb, validateWeb, writeLedger } from './parts.ts';
import { hostCalls, type PlainRequest, plainCreate, type Undo } from './plainCalls.ts';
import { finishedCreate, WEB_HOST, webRequest, webSpec } from './web.ts';

/** The web request for whoever calls the host by hand. */
export function plainWebRequest(n: number, document: object): PlainRequest {
  const { layerFolders, network } = webSpec(n).windows;
  const [endpoint = ''] = network.endpointList;
  return {
    id: `web-${n}`,
    layerFolders,
    mountSource: 'C:\\data\\web',
    endpoint,
    document: (volumePath, namespace) => {
      const { Container, ...rest } = document as { Container: { Storage: object; Networking: object } };
      const Storage = { ...Container.Storage, Path: `${volumePath}\\` };
      return { ...rest, Container: { ...Container, Storage, Networking: { Namespace: namespace } } };
    },
  };
}

async function wholeCreate(): Promise<Measured> {
  const provisioner = await createProvisioner({ host: simulatedHost(WEB_HOST) });
  let n = 0;
  let container: Container | undefined;
  return {
    name: 'create, in total',
    run: async () => {
      n += 1;
      ({ container } = await provisioner.create(webRequest(n)).result);
    },
    after: async () => void (await container?.release()),
  };
}

function handMade(
  name: string,
  make: (host: ReturnType<typeof simulatedHost>, request: PlainRequest) => Promise<Undo>,
) {
  const host = simulatedHost(WEB_HOST);
  const document = documentOfWeb()();
  let n = 0;
  let undo: Undo = async () => {};
  return {
    name,
    run: async () => {
      n += 1;
      undo = await make(host, plainWebRequest(n, document));
    },
    after: () => undo(),
  };
}

async function hostAlone(host: ReturnType<typeof simulatedHost>, request: PlainRequest): Promise<Undo> {
  const undo: Undo[] = [];
  await hostCalls(host, request, undo);
  return async () => {
    for (const step of undo.reverse()) await step();
  };
}

async function run(budget: Budget): Promise<readonly Row[]> {
  const finished = await finishedCreate();
  return measure(
    [
      await wholeCreate(),
      { name: '- validation', run: () => validateWeb() },
      { name: '- document', run: documentOfWeb() },
      { name: '- ledger', run: () => writeLedger(finished) },
      { name: '- machine', run: webChartRunner() },
      handMade('- host', hostAlone),
      { name: 'bare XState, 10 promises', run: runBareChart },
      handMade('try/finally, no statechart', plainCreate),
    ],
    budget,
    'us',
  );
}

/** One create, what it is made of, and what it would take without Slipway. */
export const create: Benchmark = { name: 'create', title: 'One create, on a simulated host without latency', run };
