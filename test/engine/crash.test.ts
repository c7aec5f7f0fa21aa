import { expect, test } from '@jest/globals';
import { actorsOn } from '../../src/actors/hostActors.ts';
import { Runs } from '../../src/actors/run.ts';
import { containerId } from '../../src/domain/ids.ts';
import { Lives } from '../../src/engine/life/lives.ts';
import { provisionOf } from '../../src/engine/provision.ts';
import { ProvisionRun } from '../../src/engine/provisionRun.ts';
import { containerSubject } from '../../src/engine/runSubject.ts';
import { realClock } from '../../src/hcs/clock.ts';
import { memoryLedgerStore, memoryVmStore, provisionId } from '../../src/index.ts';
import { createContainer } from '../../src/machines/index.ts';
import { simulatedHost } from '../../src/testing/index.ts';
import { faultOf, fullRequest, hostOptions } from '../support/requests.ts';

test('a statechart that breaks is told as a defect of ours, and what it had acquired is released', async () => {
  const host = simulatedHost(hostOptions());
  host.inject({ call: 'layers.prepare', when: 'after' });
  const runs: Runs = new Runs({
    host,
    store: memoryLedgerStore(),
    vms: memoryVmStore(),
    clock: realClock(),
    owner: 'o',
    newId: () => 'f3bb0bb4-d4f9-5a32-9c74-0650e2040808',
    report: (_, event) => run.onHostEvent(event),
  });
  const broken = createContainer.provide({
    actors: actorsOn(runs),
    guards: {
      layersMayBeRetried: () => {
        throw new Error('the guard is broken');
      },
    },
  });
  const run: ProvisionRun = new ProvisionRun({
    provisionId: provisionId('p'),
    subject: containerSubject(broken, containerId('web-1'), fullRequest()),
    deadlines: {},
    patience: {},
    runs,
    clock: realClock(),
    inspect: undefined,
    onStrangerError: () => {},
    onNotesError: () => {},
  });
  const lives = new Lives({ runs, patience: {}, newId: () => 'p', inspect: undefined, onStrangerError: () => {} });
  const provision = provisionOf(run, containerId('web-1'), { spec: undefined, lives, told: undefined });
  run.start();
  const fault = await faultOf(provision.result);
  expect(fault.code).toBe('internal-error');
  expect(fault.message).toContain('the guard is broken');
  expect(host.snapshot()).toEqual([]);
  expect(await provision.cancel('now')).toMatchObject({ cancelled: false });
});
