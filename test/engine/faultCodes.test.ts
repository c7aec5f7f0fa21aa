/** What the table of codes says of each, held against what creates fail with when the host fails at every call. */
import { expect, test } from '@jest/globals';
import { createProvisioner, FAULT_CODES, type Fault, type FaultMeaning, ProvisionFault } from '../../src/index.ts';
import {
  type CallName,
  type ContainerScenario,
  type InjectedFault,
  type Scenario,
  scenarios,
  simulatedHost,
  virtualClock,
} from '../../src/testing/index.ts';

const MEANINGS: ReadonlyMap<string, FaultMeaning> = new Map(Object.entries(FAULT_CODES));

/** What may be answered, and by which calls; any, where none is named. */
const ANSWERS: ReadonlyArray<{ readonly hresult: number; readonly calls?: readonly CallName[] }> = [
  { hresult: 0x80070015 }, // ERROR_NOT_READY
  { hresult: 0x80070005 }, // ERROR_ACCESS_DENIED
  { hresult: 0x8037011e }, // HCS_E_SERVICE_DISCONNECT
  { hresult: 0x8037010d, calls: ['compute.create', 'guest.attach', 'guest.createContainer'] }, // HCS_E_INVALID_JSON
  { hresult: 0x8037010f, calls: ['compute.create', 'guest.createContainer'] }, // HCS_E_SYSTEM_ALREADY_EXISTS
  { hresult: 0x8037010e, calls: ['guest.attach', 'guest.exec'] }, // HCS_E_SYSTEM_NOT_FOUND
  { hresult: 0x803b0002, calls: ['network.addEndpoint', 'network.queryEndpoint'] }, // HCN_E_ENDPOINT_NOT_FOUND
];

/** More calls than any create here makes. */
const MOST_CALLS = 200;

async function setUp({ host: description, deviceUtil, vm }: ContainerScenario) {
  const clock = virtualClock({ autoAdvance: true });
  const host = simulatedHost({ ...description, clock });
  const provisioner = await createProvisioner({ host, clock, ...(deviceUtil === undefined ? {} : { deviceUtil }) });
  if (vm !== undefined) await provisioner.createVm(vm).result;
  return { host, provisioner };
}

/** What a create of the scenario fails with when the host answers so; undefined where there is no such call. */
async function faultOf(scenario: ContainerScenario, injected: InjectedFault): Promise<Fault | 'none' | undefined> {
  const { host, provisioner } = await setUp(scenario);
  host.inject(injected);
  const begun = host.calls.length;
  try {
    await provisioner.create(scenario.request).result;
  } catch (error) {
    if (error instanceof ProvisionFault) return error.fault;
    throw error;
  }
  const made = host.calls.slice(begun).filter(({ call }) => injected.call === undefined || injected.call === call);
  return made.length >= (injected.nth ?? 1) ? 'none' : undefined;
}

async function* faultsOf(scenario: ContainerScenario): AsyncGenerator<Fault> {
  for (const { hresult, calls = [undefined] } of ANSWERS) {
    for (const call of calls) {
      for (let nth = 1; nth < MOST_CALLS; nth += 1) {
        const fault = await faultOf(scenario, {
          nth,
          hresult,
          when: 'before',
          ...(call === undefined ? {} : { call }),
        });
        if (fault === undefined) break;
        if (fault !== 'none') yield fault;
      }
    }
  }
}

function isAsTheTableSays({ code, step, transient }: Fault): boolean {
  const meaning = MEANINGS.get(code);
  if (meaning === undefined) return false;
  const isThere = meaning.steps === 'any' || meaning.steps.includes(step);
  return isThere && (meaning.transient === 'depends' || meaning.transient === (transient ? 'yes' : 'no'));
}

const CONTAINERS = Object.values(scenarios).flatMap((scenario: Scenario) =>
  scenario.kind === 'container' ? [[scenario.name, scenario] as const] : [],
);

test.each(CONTAINERS)('%s fails as the table says, whichever of its calls does', async (_, scenario) => {
  const seen = new Set<string>();
  for await (const fault of faultsOf(scenario)) {
    expect([fault, isAsTheTableSays(fault)]).toEqual([fault, true]);
    seen.add(fault.code);
  }
  expect([...seen]).toEqual(expect.arrayContaining(['access-denied', 'host-call-failed', 'service-disconnected']));
});
