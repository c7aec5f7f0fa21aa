import type { CodeClass } from '../../domain/fault.ts';

/** What one code of the host means. */
export interface CodeMeaning {
  /** `ERROR_NOT_READY`, `HCS_E_SYSTEM_NOT_FOUND`, `HCN_E_ENDPOINT_NOT_FOUND`, ... */
  readonly name: string;
  readonly meaning: string;
  readonly class: CodeClass;
  /** What a person can do about it. */
  readonly advice: string;
}

/** A line of a table: the code, counted from the base of its family, and what it means. */
export type Row = readonly [code: number, name: string, meaning: string, codeClass: CodeClass, advice: string];

/** A family's rows by unsigned HRESULT. */
export function entries(base: number, prefix: string, rows: readonly Row[]): ReadonlyArray<[number, CodeMeaning]> {
  return rows.map(([code, name, meaning, codeClass, advice]) => [
    base + code,
    { name: `${prefix}${name}`, meaning, class: codeClass, advice },
  ]);
}

/** Advice that more than one code gives. */
export const ADVICE = {
  lookAtHcs: 'Look at the event logs Microsoft-Windows-Hyper-V-Compute-Admin and -Operational.',
  lookAtHns: 'Look at hnsdiag list all, and at the event log Host-Network-Service.',
  lookAtDisks: 'It is tried again; if it stays so, look at the disks (Get-Disk) and the event log VHDMP.',
  lookAtAccount: 'Look at the credential spec and the account in Active Directory.',
  lookAtDomain: 'See whether the host reaches a domain controller (nltest /sc_verify).',
  listSystems: 'List the compute systems with hcsdiag list.',
  unpackAgain: 'Unpack the image again.',
  hostVersion: 'Use an image of the host version.',
  guestVersion: 'Use a guest of the version of the host.',
  newerWindows: 'Use a newer build of Windows.',
  freeMemory: 'Free some memory on the host.',
  freeSpace: 'Free some space on the volume.',
  findWhoHasIt: 'Find who has it open: another container on the same scratch, a virus scanner, a backup.',
  seePath: 'See whether the path is right.',
  seeServices: 'See whether the services vmcompute and hns run.',
  ownEndpoint: 'Detach it where it is, or give each container an endpoint of its own.',
  administrator: 'Run as an administrator or as a member of Hyper-V Administrators.',
  permissions: 'Run as an administrator, and look at the permissions of the path.',
  install: 'Install the Windows features Containers and, for Hyper-V isolation, Hyper-V.',
  report: 'This is a defect of slipway: please report it.',
  nothing: 'Nothing to do: it is gone already.',
} as const;
