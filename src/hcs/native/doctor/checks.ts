/** What was found, one check a subject. */
import type { HostFailure } from '../../../domain/fault.ts';
import { BUILD } from '../../../domain/host.ts';
import { meaningOf } from '../../codes.ts';
import type { LibraryName } from '../ffi/declaring.ts';
import type { Check, Mark } from './diagnosis.ts';
import { exportInWords } from './exports.ts';
import type { HostFindings, LibraryFinding, Machine, Told } from './findings.ts';

/** What each library is for, and how much is lost without it. */
const LIBRARIES: ReadonlyArray<readonly [LibraryName, string, Mark]> = [
  ['computecore', 'compute systems', 'fails'],
  ['computenetwork', 'namespaces', 'limits'],
  ['vmcompute', 'layers and endpoints', 'limits'],
  ['computestorage', 'no call yet', 'ok'],
  ['kernel32', 'strings, pipes, final paths', 'fails'],
  ['ole32', 'strings', 'fails'],
  ['ntdll', 'the build of Windows', 'fails'],
];

const NEWER_BUILD = 'What needs them is refused with ERROR_PROC_NOT_FOUND; use a later build of Windows for it.';
/** The first version of HNS that has namespaces. */
const LEAST_HNS = { major: 9, minor: 2 };

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

function libraryCheck(finding: LibraryFinding, name: LibraryName, purpose: string, without: Mark): Check {
  const subject = `${name}.dll`;
  if (finding.state === 'missing') return { subject, mark: without, found: finding.message, remedy: finding.hint };
  const { functions, missing } = finding;
  if (missing.length === 0) return { subject, mark: 'ok', found: `${count(functions, 'function')} for ${purpose}` };
  const found = `without ${missing.map(exportInWords).join(', ')}`;
  return { subject, mark: without === 'ok' ? 'ok' : 'limits', found, remedy: NEWER_BUILD };
}

/** A refusal in the words of the table of codes; the advice is what it says. */
function refusal(subject: string, mark: Mark, { hresult, name, meaning, detail }: HostFailure): Check {
  const words = detail === undefined ? '' : `: ${detail}`;
  const remedy = meaningOf(Number(hresult)).advice;
  return { subject, mark, found: `${meaning} (${name}, ${hresult})${words}`, remedy };
}

function checkOf<T>(subject: string, told: Told<T>, mark: Mark, check: (value: T) => Omit<Check, 'subject'>): Check {
  return 'refused' in told ? refusal(subject, mark, told.refused) : { subject, ...check(told.told) };
}

function buildCheck(build: Told<number>): Check {
  return checkOf('build', build, 'fails', (number) =>
    number >= BUILD.rs5
      ? { mark: 'ok', found: String(number) }
      : {
          mark: 'fails',
          found: `${number}, and schema 2 is there from ${BUILD.rs5} on`,
          remedy: 'Use Windows Server 2019, Windows 10 1809, or later.',
        },
  );
}

function schemaCheck(schemas: Told<readonly string[]>): Check {
  return checkOf('service vmcompute', schemas, 'fails', (versions) => {
    const found = `answers, with schema ${versions.join(', ') || 'unknown'}`;
    if (versions.some((version) => version.startsWith('2.') && version !== '2.0')) return { mark: 'ok', found };
    return { mark: 'fails', found, remedy: 'Slipway speaks schema 2.1: use Windows Server 2019 or later.' };
  });
}

function rightsCheck(systems: Told<number>): Check {
  return checkOf('rights', systems, 'fails', (number) => ({
    mark: 'ok',
    found: `this account may use HCS; ${count(number, 'compute system')} on the host`,
  }));
}

function hnsCheck(hns: HostFindings['hns']): Check {
  return checkOf('service hns', hns, 'limits', ({ major, minor }) => {
    const found = `answers, version ${major}.${minor}`;
    const isEnough = major > LEAST_HNS.major || (major === LEAST_HNS.major && minor >= LEAST_HNS.minor);
    if (isEnough) return { mark: 'ok', found };
    const remedy = `Namespaces need ${LEAST_HNS.major}.${LEAST_HNS.minor}: use Windows Server 2019 or later.`;
    return { mark: 'limits', found, remedy };
  });
}

/** Structures are laid out for pointers of eight bytes. */
function machineCheck({ arch, node }: Machine): Check {
  const found = `Node ${node} for ${arch}`;
  if (arch === 'x64' || arch === 'arm64') return { subject: 'node', mark: 'ok', found };
  return { subject: 'node', mark: 'fails', found, remedy: 'Use the Node of 64 bits (x64 or arm64).' };
}

export function checksOf(machine: Machine, host: HostFindings): readonly Check[] {
  return [
    machineCheck(machine),
    { subject: 'ffi', mark: 'ok', found: `${host.ffi.name} ${host.ffi.version}` },
    buildCheck(host.build),
    checkOf('processors', host.processors, 'limits', (number) => ({ mark: 'ok', found: String(number) })),
    ...LIBRARIES.map(([name, purpose, without]) => libraryCheck(host.libraries[name], name, purpose, without)),
    schemaCheck(host.schemas),
    rightsCheck(host.systems),
    hnsCheck(host.hns),
  ];
}
