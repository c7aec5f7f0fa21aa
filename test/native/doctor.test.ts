import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { doctor } from '../../src/cli/doctor.ts';
import { HostError } from '../../src/hcs/hostError.ts';
import { diagnose } from '../../src/hcs/native/doctor/diagnose.ts';
import { examine } from '../../src/hcs/native/doctor/examine.ts';
import { EXPORTS } from '../../src/hcs/native/doctor/exports.ts';
import type { Examination, HostFindings, LibraryFinding } from '../../src/hcs/native/doctor/findings.ts';
import { type StandInControl, startStandIn } from '../standin/control.ts';
import { standInLibraries } from '../standin/libraries.ts';
import { slipway } from '../support/slipway.ts';
import { NOTHING_LEFT, StandInCore } from './overStandIns.ts';

const MACHINE = { platform: 'win32', arch: 'x64', node: 'v22.0.0' };
const loaded: LibraryFinding = { state: 'loaded', functions: 3, missing: [] };
const GOOD: HostFindings = {
  ffi: { name: 'koffi', version: '3.3.4' },
  libraries: {
    computecore: loaded,
    computenetwork: loaded,
    vmcompute: loaded,
    computestorage: loaded,
    kernel32: loaded,
    ole32: loaded,
    ntdll: loaded,
  },
  build: { told: 20348 },
  processors: { told: 8 },
  schemas: { told: ['2.1', '2.5'] },
  systems: { told: 2 },
  hns: { told: { major: 13, minor: 3 } },
};

const examined = (host: Partial<HostFindings>, machine = MACHINE): Examination => ({
  kind: 'examined',
  machine,
  host: { ...GOOD, ...host },
});
const without = (name: keyof typeof EXPORTS, finding: LibraryFinding) => ({
  libraries: { ...GOOD.libraries, [name]: finding },
});
const missing: LibraryFinding = { state: 'missing', message: 'it cannot be loaded', hint: 'Install it.' };
const refused = (hresult: number) => ({ refused: new HostError('doctor', hresult).failure });

/** What is not well, as `mark subject`, after the verdict. */
function findings(examination: Examination): readonly string[] {
  const { verdict, checks, abilities } = diagnose(examination);
  const bad = checks.filter(({ mark }) => mark !== 'ok').map(({ mark, subject }) => `${mark} ${subject}`);
  return [verdict, ...bad, ...abilities.filter(({ works }) => !works).map(({ what }) => `not ${what}`)];
}

describe('a diagnosis', () => {
  test('of a host that has all is good', () => {
    expect(findings(examined({}))).toEqual(['ready']);
  });

  test.each<[string, Partial<HostFindings>, readonly string[]]>([
    ['no rights', { systems: refused(0x8037011b) }, ['limited', 'fails rights']],
    ['no service', { schemas: refused(0x800706ba) }, ['limited', 'fails service vmcompute']],
    ['schema 1 only', { schemas: { told: ['1.0', '2.0'] } }, ['limited', 'fails service vmcompute']],
    ['no HNS', { hns: refused(0x800706ba) }, ['limited', 'limits service hns']],
    ['an old HNS', { hns: { told: { major: 9, minor: 1 } } }, ['limited', 'limits service hns']],
    ['no computenetwork.dll', without('computenetwork', missing), ['limited', 'limits computenetwork.dll']],
    ['no computestorage.dll', without('computestorage', missing), ['ready']],
    ['no ntdll.dll', without('ntdll', missing), ['limited', 'fails ntdll.dll']],
    [
      'no HcsGrantVmGroupAccess',
      without('computecore', { state: 'loaded', functions: 3, missing: ['HcsGrantVmGroupAccess'] }),
      ['limited', 'limits computecore.dll', 'not files that all VMs may open'],
    ],
    [
      'Windows Server 2019',
      { build: { told: 17763 } },
      [
        'limited',
        'not Linux VMs whose kernel HCS loads by itself',
        'not several disks in one VPMem device',
        'not files that all VMs may open',
        'not cold pages handed back by guests',
        'not a VM in a CPU group from its create on',
        'not device extensions, schema 2.5',
      ],
    ],
  ])('of a host with %s says so', (_, host, expected) => {
    expect(findings(examined(host))).toEqual(expected);
  });

  test('of a Windows before 1809 says that nothing works', () => {
    const [verdict, build] = findings(examined({ build: { told: 17134 } }));
    expect([verdict, build]).toEqual(['limited', 'fails build']);
  });

  test('of a Windows without computecore.dll is that there is no HCS', () => {
    expect(diagnose(examined(without('computecore', missing)))).toMatchObject({
      verdict: 'absent',
      sentence: 'There is no Host Compute Service on this machine: it has no computecore.dll.',
    });
  });

  test('of a Node of 32 bits is that it cannot be used', () => {
    expect(findings(examined({}, { ...MACHINE, arch: 'ia32' }))).toEqual(['limited', 'fails node']);
  });

  test('without a library for foreign functions says how to get one', () => {
    const { verdict, checks } = diagnose({ kind: 'noFfi', machine: MACHINE, message: 'not there', hint: 'Get it.' });
    expect([verdict, checks]).toEqual([
      'limited',
      [{ subject: 'ffi', mark: 'fails', found: 'not there', remedy: 'Get it.' }],
    ]);
  });

  test('says of everything that is not well what to do', () => {
    const worst = examined({
      ...without('vmcompute', missing),
      systems: refused(0x80070005),
      schemas: refused(0x800706ba),
      hns: refused(0x80004005),
      build: refused(0x80004001),
      processors: refused(0x80004005),
    });
    for (const check of diagnose(worst).checks) {
      if (check.mark !== 'ok') expect(check).toMatchObject({ remedy: expect.stringMatching(/\.$/) });
    }
  });
});

describe('slipway doctor over the stand-ins', () => {
  let control: StandInControl;
  let core: StandInCore;
  const { standin: _, ...files } = standInLibraries();

  beforeAll(async () => {
    core = await StandInCore.of('koffi');
    control = await startStandIn();
  });
  afterAll(async () => {
    core.connectTo(0);
    await control.stop();
  });
  beforeEach(() => {
    core.connectTo(control.port);
    core.forget();
  });

  async function hostAt(build: number): Promise<HostFindings> {
    await control.reset({ facts: { build, processorCount: 6 } });
    const examination = await examine({ ffi: 'koffi', files });
    if (examination.kind !== 'examined') throw new Error(`not examined: ${examination.kind}`);
    return examination.host;
  }

  test('finds what the host has, and changes nothing', async () => {
    const host = await hostAt(20348);
    expect(host).toMatchObject({
      build: { told: 20348 },
      processors: { told: 6 },
      systems: { told: 0 },
      hns: { told: { major: 13, minor: 3 } },
    });
    expect('told' in host.schemas && host.schemas.told).toContain('2.1');
    expect(host.libraries.computecore).toMatchObject({ state: 'loaded', missing: [] });
    expect(await control.effects()).toEqual([]);
    expect(core.counts()).toEqual(NOTHING_LEFT);
  });

  test('names every function that a library has not got', async () => {
    const { libraries } = await hostAt(20348);
    expect(libraries.ntdll).toEqual({ state: 'loaded', functions: 3, missing: [] });
    const examination = await examine({ ffi: 'koffi', files: { ...files, computenetwork: files.vmcompute } });
    const found = examination.kind === 'examined' ? examination.host.libraries.computenetwork : undefined;
    const names = Object.keys(EXPORTS.computenetwork);
    expect(found).toEqual({ state: 'loaded', functions: names.length, missing: names });
  });

  test('tells of rights and services in the words of the host', async () => {
    await control.reset();
    core.fail('HcsEnumerateComputeSystems', 0x8037011b);
    core.fail('HNSCall', 0x800706ba);
    const lines: string[] = [];
    const exit = await doctor({ json: false }, { out: (text) => lines.push(text) }, () =>
      examine({ ffi: 'koffi', files }),
    );
    expect(exit).toBe(1);
    expect(stripVTControlCharacters(lines.join(''))).toMatch(
      /✗ rights +the caller may not do this \(HCS_E_ACCESS_DENIED, 0x8037011B\)/,
    );
    expect(stripVTControlCharacters(lines.join(''))).toContain(
      '→ Run as an administrator or as a member of Hyper-V Administrators.',
    );
    expect(stripVTControlCharacters(lines.join(''))).toMatch(/! service hns +the service does not answer/);
  });

  test('a library that is not there is named with what to do', async () => {
    const examination = await examine({ ffi: 'koffi', files: { ...files, computecore: '/nowhere/computecore.dll' } });
    expect(diagnose(examination)).toMatchObject({ verdict: 'absent' });
    const lines: string[] = [];
    expect(await doctor({ json: true }, { out: (text) => lines.push(text) }, async () => examination)).toBe(3);
    expect(JSON.parse(lines.join(''))).toMatchObject({
      verdict: 'absent',
      checks: expect.arrayContaining([expect.objectContaining({ subject: 'computecore.dll', mark: 'fails' })]),
    });
  });
});

describe('the command on a machine that is no Windows', () => {
  const isElsewhere = process.platform !== 'win32';

  test('slipway doctor says so in a sentence and ends with 3', async () => {
    const { code, out, err } = await slipway(['doctor']);
    expect([isElsewhere, code, err]).toEqual([true, 3, '']);
    expect(out).toMatch(/^There is no Host Compute Service on this machine: only Windows has it, and this is \w+\.\n$/);
  });

  test('--host windows is refused with what to do, and 3', async () => {
    for (const args of [['create', '--bundle', 'examples/web'], ['list'], ['recover']]) {
      const { code, err, out } = await slipway([...args, '--host', 'windows']);
      expect([args, code, out]).toEqual([args, 3, '']);
      expect(err).toMatch(/no-host-here[\s\S]*only Windows has it[\s\S]*→ Use --host simulated/);
    }
  });

  test('doctor and the host are completed', async () => {
    const host = await slipway(['complete', '--', 'list', '--host', '']);
    expect(host.out).toMatch(/^windows\tthis machine$/m);
    expect((await slipway(['complete', '--', 'doc'])).out).toMatch(/^doctor\t/m);
  });

  test('a plan is made on a simulated host', async () => {
    const { code, err } = await slipway(['plan', '--bundle', 'examples/web', '--host', 'windows']);
    expect([code, err]).toEqual([2, expect.stringContaining('host-not-imaginable')]);
  });
});
