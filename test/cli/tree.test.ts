import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { lineReport } from '../../src/cli/lines.ts';
import { TREE } from '../../src/cli/treeRows.ts';
import type { ProvisionEvent } from '../../src/domain/events.ts';
import { STEPS } from '../../src/domain/step.ts';
import type { CreateRequest, Provision } from '../../src/index.ts';
import type { SimulatedHost } from '../../src/testing/index.ts';
import { draw, type Moment, momentsOf, widest } from '../support/liveTree.ts';
import { fullSpec, plainSpec, setUp } from '../support/requests.ts';

const NOT_READY = 0x80070015;

type Trouble = (host: SimulatedHost) => void;
type Meddle = (event: ProvisionEvent, provision: Provision) => void;

const WARNED = { ...fullSpec(), annotations: { 'io.microsoft.container.memory.sizeinmb': 'much' } };

/** Ids that are made anew by every run. */
const masked = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => line.replace(/namespace [0-9a-f-]{36}/, `namespace ${'x'.repeat(36)}`));

/** A whole create on a host whose calls take 10 ms, seen after each event. */
async function watched(
  trouble: Trouble = () => {},
  request: Partial<CreateRequest> = {},
  meddle: Meddle = () => {},
): Promise<readonly Moment[]> {
  const { host, provisioner } = await setUp({ latencies: 10 });
  trouble(host);
  const provision = provisioner.create({ id: 'web-1', spec: fullSpec(), ...request });
  const events: ProvisionEvent[] = [];
  provision.events$.subscribe((event) => {
    events.push(event);
    meddle(event, provision);
  });
  await provision.result.catch(() => {});
  return momentsOf(events);
}

function last(moments: readonly Moment[]): Moment {
  const moment = moments.at(-1);
  if (moment === undefined) throw new Error('nothing happened');
  return moment;
}

function momentOf(moments: readonly Moment[], type: ProvisionEvent['type']): Moment {
  const found = moments.find(({ event }) => event.type === type);
  if (found === undefined) throw new Error(`there is no ${type}`);
  return found;
}

const cancelAt =
  (type: ProvisionEvent['type'], call?: string): Meddle =>
  (event, provision) => {
    if (event.type === type && (call === undefined || ('call' in event && event.call === call))) {
      void provision.cancel('enough');
    }
  };

describe('the live tree', () => {
  test('has every step, in the order in which they run', () => {
    expect(TREE.flatMap((item) => (typeof item === 'string' ? [item] : item.steps))).toEqual(STEPS);
  });

  test('shows a create that succeeded: marks, times, and why a step was skipped', async () => {
    expect(draw(last(await watched()))).toEqual([
      '✓ initializing            10 ms',
      '✓ validating              30 ms',
      '– installingDrivers      there is no hosting VM to install drivers in',
      '✓ networking              30 ms',
      '✓ allocating             150 ms',
      '  ✓ creatingScratch       70 ms',
      '  ✓ mountingLayers        40 ms',
      '  ✓ resolvingMounts       10 ms',
      '  ✓ creatingCredentials   30 ms',
      '  – assigningDevices     there is no hosting VM: process isolation names its de…',
      '  – reinstallingDrivers  there is no hosting VM to install drivers in',
      '✓ documenting              0 ms',
      '✓ creatingComputeSystem   20 ms',
    ]);
  });

  test('shows what runs, for how long, and which call it waits for', async () => {
    const moments = await watched();
    const preparing = moments.find(({ event }) => event.type === 'call.started' && event.call === 'layers.prepare');
    const lines = draw(preparing ?? last(moments), { laterMs: 2000 });
    expect(lines).toContainEqual(expect.stringMatching(/^\* allocating +2\.1 s$/));
    expect(lines).toContain('  * mountingLayers        2.0 s  layers.prepare');
    expect(lines).toContain('  · resolvingMounts');
  });

  test('shows how many are served before a step that waits for its turn, as plain lines do', async () => {
    const { provisioner } = await setUp({ latencies: 10 }, { admission: { layers: 1 } });
    const all = ['one', 'two', 'three'].map((id) => provisioner.create({ id, spec: plainSpec(`C:\\scratch\\${id}`) }));
    const events: ProvisionEvent[] = [];
    all.at(-1)?.events$.subscribe((event) => events.push(event));
    await Promise.all(all.map(({ result }) => result));
    const queued = momentOf(momentsOf(events), 'step.queued');
    expect(draw(queued)).toContain('  … creatingScratch       0.0 s  waits for its turn: layers, 1 ahead');
    const out: string[] = [];
    lineReport({ out: (text) => out.push(stripVTControlCharacters(text)), err: () => {} }).event(queued.event);
    expect(out).toEqual(['… creatingScratch        waits for its turn: layers, 1 ahead\n']);
    expect(draw(momentOf(momentsOf(events), 'step.admitted'))).toContainEqual(
      expect.stringMatching(/\* creatingScratch/),
    );
  });

  describe('of layers that are not ready', () => {
    const twice: Trouble = (host) => {
      host.inject({ call: 'layers.prepare', when: 'before', hresult: NOT_READY });
      host.inject({ call: 'layers.prepare', nth: 2, when: 'before', hresult: NOT_READY });
    };
    const mounting = (lines: readonly string[]) => lines.find((line) => line.includes('mountingLayers'));

    test('says which try is next, when, and why', async () => {
      const moments = await watched(twice);
      const retrying = momentOf(moments, 'step.retrying');
      expect(mounting(draw(retrying, { width: 120 }))).toMatch(
        /↻ mountingLayers +0\.0 s {2}try 2 in 0\.1 s, .*not ready/,
      );
      const undone = moments.slice(moments.indexOf(retrying)).find(({ event }) => event.type === 'call.answered');
      // What the try left is taken down first: the pause begins after that.
      expect(mounting(draw(undone ?? retrying, { laterMs: 60 }))).toMatch(/↻ .* try 2 in 0\.0 s/);
    });

    test('says which try runs, and at which one it succeeded', async () => {
      const moments = await watched(twice);
      const again = moments.filter(({ event }) => event.type === 'call.started' && event.call === 'layers.activate');
      expect(again.map((moment) => mounting(draw(moment))?.slice(0, 60))).toEqual([
        '  * mountingLayers        0.0 s  layers.activate',
        expect.stringMatching(/\* mountingLayers +0\.2 s {2}try 2, layers\.activate, /),
        expect.stringMatching(/\* mountingLayers +0\.3 s {2}try 3, layers\.activate, /),
      ]);
      expect(mounting(draw(last(moments), { width: 40 }))).toMatch(/✓ mountingLayers +\d+ ms {2}try 3$/);
    });
  });

  test('shows a failure in short, and each resource as it is released', async () => {
    const moments = await watched((host) => host.inject({ call: 'layers.activate', when: 'before' }));
    const lines = draw(last(moments));
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}✗ mountingLayers +20 ms {2}access-denied: /));
    expect(masked(lines.slice(-7))).toEqual([
      '↶ rolled back             80 ms  6 of 6',
      '  ↶ endpoint 22222222-2222-4222-8222-222222222222…   10 ms',
      '  ↶ endpoint 11111111-1111-4111-8111-111111111111…   10 ms',
      '  ↶ namespace xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx   10 ms',
      '  ↶ activated layer C:\\scratch\\deep\\web-1            10 ms',
      '  ↶ scratch layer C:\\scratch\\deep\\web-1              10 ms',
      '  ↶ scratch folder C:\\scratch\\deep\\web-1             30 ms',
    ]);
  });

  test('shows a cancel: asked to stop, then stopped, then rolled back', async () => {
    const moments = await watched(undefined, {}, cancelAt('call.started', 'layers.prepare'));
    expect(draw(momentOf(moments, 'provision.cancelRequested'))).toContain(
      '  * mountingLayers        0.0 s  asked to stop',
    );
    const lines = draw(last(moments));
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}■ mountingLayers +\d+ ms {2}stopped$/));
    expect(lines).toContain('■ cancelled              enough');
  });

  test('shows a call that never answered as unknown', async () => {
    const lines = draw(last(await watched((host) => host.inject({ call: 'layers.activate', when: 'never' }))));
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}\? mountingLayers +2m00s {2}/));
    expect(lines.at(-7)).toBe('✗ rolled back             80 ms  5 of 6, 1 left');
    expect(lines.at(-3)).toBe('  ✗ activated layer C:\\scratch\\deep\\web-1            1 try  outcome-unknown: th…');
  });

  test('shows what is kept on failure, apart from what had to be undone', async () => {
    const trouble: Trouble = (host) => host.inject({ call: 'layers.activate', when: 'before' });
    const lines = draw(last(await watched(trouble, { keepOnFailure: true })));
    expect(masked(lines.slice(-7))).toEqual([
      '• held                    10 ms  5 kept',
      '  • endpoint 22222222-2222-4222-8222-222222222222…',
      '  • endpoint 11111111-1111-4111-8111-111111111111…',
      '  • namespace xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
      '  ↶ activated layer C:\\scratch\\deep\\web-1            10 ms',
      '  • scratch layer C:\\scratch\\deep\\web-1',
      '  • scratch folder C:\\scratch\\deep\\web-1',
    ]);
  });

  test('shows what could not be released, after how many tries, and why', async () => {
    const moments = await watched((host) => {
      host.inject({ call: 'compute.create', when: 'before' });
      host.inject({ call: 'network.deleteNamespace', when: 'before', every: true });
    });
    const lines = draw(last(moments), { width: 120 });
    expect(lines).toContain('✗ rolled back            330 ms  8 of 9, 1 left');
    expect(lines).toContainEqual(
      expect.stringMatching(/^ {2}✗ namespace [0-9a-f-]{36} +3 tries {2}access-denied: the caller may not do this$/),
    );
  });

  test('shows warnings above the steps', async () => {
    const lines = draw(last(await watched(undefined, { spec: WARNED })));
    expect(lines.slice(0, 3)).toEqual([
      '! annotation-unparsable  the annotation io.microsoft.container.memory.sizeinmb …',
      '',
      '✓ initializing            10 ms',
    ]);
  });

  describe('never is wider or higher than the terminal', () => {
    const sizes = [
      [80, 30],
      [80, 22],
      [40, 12],
      [24, 6],
      [10, 3],
      [1, 1],
    ] as const;

    test.each<{ what: string; trouble?: Trouble; meddle?: Meddle }>([
      { what: 'a success' },
      { what: 'a failure at the end', trouble: (host) => host.inject({ call: 'compute.create', when: 'before' }) },
      { what: 'a call that never answers', trouble: (host) => host.inject({ call: 'layers.prepare', when: 'never' }) },
      { what: 'a cancel', meddle: cancelAt('call.started', 'compute.create') },
    ])(
      '$what',
      async ({ trouble, meddle }) => {
        for (const moment of await watched(trouble, { spec: WARNED }, meddle)) {
          for (const [width, height] of sizes) {
            const lines = draw(moment, { width, height });
            expect(lines.length).toBeLessThanOrEqual(height);
            expect(widest(lines)).toBeLessThanOrEqual(width);
          }
        }
      },
      30_000,
    );

    test('and what is left out of it is counted, what is done first', async () => {
      const moments = await watched((host) => host.inject({ call: 'compute.create', when: 'before' }));
      expect(draw(last(moments), { height: 8 })).toEqual([
        '✓ 11 steps done',
        '✗ creatingComputeSystem   20 ms  access-denied: the caller may not do this',
        '↶ rolled back            110 ms  9 of 9',
        '  ↶ 5 released',
        '  ↶ prepared layer C:\\scratch\\deep\\web-1    10 ms',
        '  ↶ activated layer C:\\scratch\\deep\\web-1   10 ms',
        '  ↶ scratch layer C:\\scratch\\deep\\web-1     10 ms',
        '  ↶ scratch folder C:\\scratch\\deep\\web-1    30 ms',
      ]);
    });
  });

  test('at 40 columns has every mark, name and time', async () => {
    const moments = await watched((host) => host.inject({ call: 'layers.activate', when: 'before' }));
    expect(draw(last(moments), { width: 40 })).toEqual([
      '✓ initializing            10 ms',
      '✓ validating              30 ms',
      '– installingDrivers      there is no ho…',
      '✓ networking              30 ms',
      '✗ allocating              90 ms',
      '  ✓ creatingScratch       70 ms',
      '  ✗ mountingLayers        20 ms',
      '  · resolvingMounts',
      '  · creatingCredentials',
      '  · assigningDevices',
      '  · reinstallingDrivers',
      '· documenting',
      '· creatingComputeSystem',
      '',
      '↶ rolled back             80 ms  6 of 6',
      '  ↶ endpoint 22222222-2222-4222…   10 ms',
      '  ↶ endpoint 11111111-1111-4111…   10 ms',
      expect.stringMatching(/^ {2}↶ namespace [0-9a-f-]{17}… {3}10 ms$/),
      '  ↶ activated layer C:\\scratch\\…   10 ms',
      '  ↶ scratch layer C:\\scratch\\de…   10 ms',
      '  ↶ scratch folder C:\\scratch\\d…   30 ms',
    ]);
  });
});
