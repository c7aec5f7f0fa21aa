/** What stands under the options of `slipway recover`, `slipway residue` and `slipway held`. */

export const RECOVER = `
After processes have ended, however they ended: creates that were interrupted are rolled back, releases go on, residue
is tried again, and what is held longer than its lease is released. Runs that a living process drives are left alone,
and so are containers and VMs that are there and well. Any number of them may run at the same time.
Examples:
  slipway recover
  slipway recover --dry-run       what would be done; changes nothing
  slipway recover --json | jq 'select(.ok | not)'
Exit codes: 0 nothing is left that should not be, 1 there is residue, a run could not be tried, or its file not be read.`;

export const RESIDUE = `
Residue is what could not be released, of containers and of VMs: it may still be on the host.
Examples:
  slipway residue list
  slipway residue retry
  slipway residue waive 5b0f2c1e-0c43-4f1e-9d2b-3d2f5a1c7e90/3`;

export const RESIDUE_LIST = `
Examples:
  slipway residue list
  slipway residue list --json | jq -r '.[].id'`;

export const RESIDUE_RETRY = `
All that is left of a run is tried, in the order of release: one residue may be what another one waits for.
Examples:
  slipway residue retry           all that there is
  slipway residue retry web       what is left of a container or a VM
  slipway residue retry 5b0f2c1e-0c43-4f1e-9d2b-3d2f5a1c7e90/3
Exit codes: 0 nothing is left, 1 something is left (it is named), is not known, or is with another process.`;

export const RESIDUE_WAIVE = `
It is yours from then on: slipway does not touch it again, and does not list it.
Examples:
  slipway residue waive 5b0f2c1e-0c43-4f1e-9d2b-3d2f5a1c7e90/3
Exit codes: 0 it is waived, 1 it is not known, or is with another process.`;

export const HELD = `
Held is what a failed create was told to keep (--keep-on-failure), for as long as its lease lasts.
Examples:
  slipway held list
  slipway held release web`;

export const HELD_LIST = `
Examples:
  slipway held list
  slipway held list --json | jq -r '.[].lookAt[]'`;

export const HELD_RELEASE = `
Examples:
  slipway held release            all that is held
  slipway held release web vm-1
Exit codes: 0 nothing is left, 1 something is left (it is named), is not known, or is with another process.`;
