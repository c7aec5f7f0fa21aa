/** The ways in which a run may differ from the record; there are no others. */
export type Rule =
  | 'owned'
  | 'sibling-order'
  | 'repeated-grant'
  | 'lcow-nic-id'
  | 'shared-scratch-root'
  | 'actual-id'
  | 'v1-xenon'
  | 'schema-2.x'
  | 'out-of-range'
  | 'vhdx-format'
  | 'refused'
  | 'panic'
  | 'released'
  | 'spec-untouched';
