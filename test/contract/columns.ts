/** The columns of the table: a host, the library that reaches it, and the Node that all of it runs in. */

/** Releases of Node, by their major version, as npm has their binaries. */
export const NODES = { 20: '20.20.2', 22: '22.23.3', 24: '24.21.0' } as const;

export type NodeMajor = keyof typeof NODES;
export type Platform = 'linux' | 'wine';

export interface Column {
  readonly name: string;
  readonly host: 'simulated' | 'standIn' | 'windows';
  readonly ffi?: 'koffi' | 'ffi-napi';
  /** Absent: the Node that the command runs in. */
  readonly node?: NodeMajor;
  readonly platform: Platform | 'here';
}

/** Node 24 does not start in the Wine of Debian 12. */
const MAJORS: { readonly [P in Platform]: readonly NodeMajor[] } = { linux: [20, 22, 24], wine: [20, 22] };

const over = (platform: Platform, place: string): readonly Column[] =>
  (['koffi', 'ffi-napi'] as const).flatMap((ffi) =>
    MAJORS[platform].map((node) => ({
      name: `${ffi}, ${place}, Node ${node}`,
      host: 'standIn' as const,
      ffi,
      node,
      platform,
    })),
  );

export const COLUMNS: readonly Column[] = [
  { name: 'simulated', host: 'simulated', platform: 'here' },
  ...over('linux', 'Linux'),
  ...over('wine', 'Wine'),
];

/** The real Host Compute Service of the machine. */
export const WINDOWS: Column = { name: 'windows', host: 'windows', platform: 'here' };
