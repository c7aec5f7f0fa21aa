/**
 * One thing to be done on the host before a VM is created, in the order given. All of it is undone, in reverse, when the
 * create fails. When the VM has ended, what says `until: 'vmEnds'` is removed, and the rest is its caller's.
 */
export type VmPreparation =
  /** Makes `path` and the missing folders above it; `made` is the topmost of them. */
  | { readonly action: 'createFolder'; readonly path: string; readonly made: string }
  | { readonly action: 'copyFile'; readonly from: string; readonly to: string; readonly until: 'vmEnds' | 'kept' }
  /** Lets every VM of the host do everything (GENERIC_ALL) with a file or folder. */
  | { readonly action: 'grantGroupAccess'; readonly path: string }
  /** Lets one VM open a file. */
  | { readonly action: 'grantVmAccess'; readonly vmId: string; readonly path: string };
