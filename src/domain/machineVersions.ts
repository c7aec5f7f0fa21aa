/** Grow with every change of a statechart after which a run of the version before could not be taken up. */
export const MACHINE_VERSIONS = { createContainer: 1, utilityVm: 1, container: 1, process: 1 } as const;
