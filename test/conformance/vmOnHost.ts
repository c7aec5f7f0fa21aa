/** Runs the request of a recorded case of a utility VM on a host that is as the recorded one was. */
import { win32 } from 'node:path';
import {
  type CreateVmRequest,
  createProvisioner,
  type Finding,
  type ProvisionerOptions,
  ProvisionFault,
  type VmDefaults,
} from '../../src/index.ts';
import { bootFoldersOf } from '../../src/oci/vm/bootFiles.ts';
import { difference, type Effect, type SimulatedHostOptions } from '../../src/testing/index.ts';
import type { Case } from './case.ts';
import { type Comparison, Verdict } from './compare.ts';
import { type MakeGround, simulatedGround } from './ground.ts';
import type { Rule } from './rules.ts';
import { inOurWords, type VmCase } from './vmCase.ts';

const KINDS: readonly string[] = ['uvm', 'uvm-from-spec'];

export function isVmCase(one: Case | VmCase): one is VmCase {
  return KINDS.includes(one.kind);
}

interface VmRunOnHost {
  readonly findings: readonly Finding[];
  readonly fault: { readonly code: string; readonly step: string } | null;
  readonly effects: readonly Effect[];
  readonly releaseEffects: readonly Effect[];
  readonly aliveBefore: readonly string[];
  readonly aliveAfter: readonly string[];
}

export function vmRequestOf({ request }: VmCase): CreateVmRequest {
  return 'podSpec' in request ? request : inOurWords(request.type, request.options);
}

function defaultsOf({ executable, programFiles, logLevel, scrubLogs }: VmCase['request']['host']): VmDefaults {
  return { bootFolders: bootFoldersOf(executable, programFiles), logLevel, scrubLogs };
}

export function describeVmHost({ request: { host } }: VmCase): SimulatedHostOptions {
  // The recorded host took schema 2.1 on every build.
  return { facts: host, files: host.files ?? [], checks: { schemaVersions: false } };
}

/** What a provisioner of the case is told besides its host. */
export function vmOptionsOf({ request: { host } }: VmCase): Pick<ProvisionerOptions, 'owner' | 'vmDefaults'> {
  return { owner: win32.basename(host.executable), vmDefaults: defaultsOf(host) };
}

async function setUp(one: VmCase, make: MakeGround) {
  let ids = 0;
  const ground = await make(describeVmHost(one));
  const newId = (): string => {
    ids += 1;
    return `<guid:${ids}>`;
  };
  const { host, clock } = ground;
  return { ground, options: { ...vmOptionsOf(one), host, clock, newId } };
}

async function runOnHost(one: VmCase, make: MakeGround): Promise<VmRunOnHost> {
  const { ground, options } = await setUp(one, make);
  const provisioner = await createProvisioner(options);
  const aliveBefore = await ground.snapshot();
  const { result } = provisioner.createVm(vmRequestOf(one));
  const failure = await result.then(
    () => undefined,
    (error: unknown) => error,
  );
  const effects = plain(await ground.effects());
  if (failure !== undefined && !(failure instanceof ProvisionFault)) throw failure;
  const vm = failure === undefined ? (await result).vm : undefined;
  await vm?.stop();
  return {
    findings: failure?.findings ?? [],
    fault: failure === undefined ? null : { code: failure.code, step: failure.step },
    effects,
    releaseEffects: plain(await ground.effects()).slice(effects.length),
    aliveBefore,
    aliveAfter: await ground.snapshot(),
  };
}

/** Jest gives each test globals of its own, so that clones have strange prototypes. */
const plain = (effects: readonly Effect[]): readonly Effect[] => JSON.parse(JSON.stringify(effects)) as Effect[];

/** Making files has no effect in the record, which lists them apart. */
const isOnDisk = ({ effect }: Effect): boolean => /^(folder|file)\./.test(effect);

function filesCreated(effects: readonly Effect[]): readonly string[] {
  return effects.filter(isOnDisk).flatMap(({ effect, path, to }) => {
    if (effect === 'folder.create') return [`${String(path)}\\`];
    return effect === 'file.copy' ? [String(to)] : [];
  });
}

/** A number that wrapped where it was recorded, because its field is smaller. */
const WRAPPED: ReadonlySet<string> = new Set(['vm-spec-wcow-cpu-annotation-overflow']);

function refusalRule({ name, expected }: VmCase, codes: readonly string[]): Rule | undefined {
  if (WRAPPED.has(name) && codes.every((code) => code === 'out-of-range')) return 'out-of-range';
  const may = expected.mayRefuse ?? [];
  return codes.some((code) => may.includes(code)) || may.includes('any') ? 'refused' : undefined;
}

function judgeFailure(one: VmCase, run: VmRunOnHost, verdict: Verdict): void {
  const codes = run.findings.map(({ code }) => code);
  verdict.expectEqual('what a failure has changed', [], run.effects);
  verdict.expectEqual('what a failure leaves', run.aliveBefore, run.aliveAfter);
  const { ok, causes = [], panic } = one.expected;
  const rule = ok ? refusalRule(one, codes) : undefined;
  if (rule !== undefined) verdict.rules.add(rule);
  else if (ok || !codes.some((code) => causes.includes(code))) {
    verdict.differences.push(`the record ${ok ? 'succeeded' : `failed for ${causes}`}, ours for [${codes}]`);
  }
  if (panic && codes.length > 0) verdict.rules.add('panic');
}

/** What its caller keeps of a VM: the disk and folder of its scratch, and the right to the folder of dumps. */
export const KEPT_OF_VM = /^(disk\.(file .*\\sandbox\.vhdx|folder )|grant\.vmGroupAccess )/;

function judgeSuccess({ expected }: VmCase, run: VmRunOnHost, verdict: Verdict): void {
  if (!expected.ok) verdict.differences.push('the record failed, ours did not');
  verdict.expectEqual(
    'the list of effects',
    expected.effects,
    run.effects.filter((effect) => !isOnDisk(effect)),
  );
  verdict.expectEqual('the files', [...expected.filesCreated].sort(), [...filesCreated(run.effects)].sort());
  const { appeared, gone } = difference(run.aliveBefore, run.aliveAfter);
  verdict.expectEqual(
    'what is left on the host',
    [],
    appeared.filter((line) => !KEPT_OF_VM.test(line)),
  );
  verdict.expectEqual('what is missing on the host', [], gone);
  verdict.rules.add('released');
}

/** Runs a case and compares it with its record. */
export async function compareVm(one: VmCase, make: MakeGround = simulatedGround): Promise<Comparison> {
  const verdict = new Verdict();
  const run = await runOnHost(one, make);
  if (run.fault === null) judgeSuccess(one, run, verdict);
  else judgeFailure(one, run, verdict);
  const created = run.effects.find(({ effect }) => effect === 'system.create');
  return {
    name: one.name,
    ok: run.fault === null,
    document: (created?.document as object | undefined) ?? null,
    effects: run.effects,
    releaseEffects: run.releaseEffects,
    findings: run.findings.map(({ code, pointer }) => ({ code, pointer })),
    fault: run.fault,
    aliveBefore: run.aliveBefore,
    aliveAfter: run.aliveAfter,
    rules: [...verdict.rules].sort(),
    passed: verdict.differences.length === 0,
    differences: verdict.differences,
  };
}
