/** Windows builds from which something is there. */
export const BUILD = {
  /** Named pipe mounts (1709). */
  rs3: 16299,
  /** The v2 schema (1809, Server 2019). */
  rs5: 17763,
  /** HCS loads a Linux kernel by itself. */
  kernelDirect: 18286,
  /** Several disks in one VPMem device (1903). */
  v19h1: 18362,
  /** A guest may hand cold pages back. */
  coldDiscardHint: 18967,
  /** A VM can be created in a CPU group (21H1). */
  v21h1: 19043,
  /** Device extensions and schema 2.5 (Server 2022). */
  ltsc2022: 20348,
} as const;

/** What a create needs to know of the host before it decides anything. */
export interface HostFacts {
  /** As RtlGetVersion gives it: 20348 is Windows Server 2022. */
  readonly build: number;
  /** Logical processors of the host. */
  readonly processorCount: number;
}

/** What lies on the host where the request points at it; gathered by reading only. */
export interface HostEvidence {
  /** By path, as spelled in the request: what was found there. */
  readonly paths: Readonly<Record<string, 'file' | 'directory' | 'missing'>>;
  /** By path: the content of the files that are read into the document (device extensions). */
  readonly contents: Readonly<Record<string, string>>;
}
