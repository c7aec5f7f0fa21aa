/** The methods of a host that is loaded with the first call of one of them. */
import type { ComputePort, HostPort, ProcessesPort } from '../port.ts';
import { hostErrorOf } from './blocking.ts';

type PortName = Exclude<keyof HostPort, 'name' | 'facts' | 'onServiceDisconnect'>;
export type LoadedPorts = Pick<HostPort, PortName | 'facts'>;
/** What is called without being waited for is not here. */
type Methods = { readonly [P in PortName]: { readonly [M in Exclude<keyof HostPort[P], 'onExit'>]: true } };

const METHODS: Methods = {
  compute: {
    create: true,
    open: true,
    start: true,
    properties: true,
    terminate: true,
    shutdown: true,
    pause: true,
    resume: true,
    modify: true,
    statistics: true,
    processes: true,
    close: true,
  },
  processes: {
    create: true,
    open: true,
    properties: true,
    signal: true,
    terminate: true,
    resize: true,
    closeStdin: true,
    close: true,
  },
  network: {
    createNamespace: true,
    queryNamespace: true,
    deleteNamespace: true,
    addEndpoint: true,
    removeEndpoint: true,
    queryEndpoint: true,
  },
  layers: {
    nameToGuid: true,
    createScratch: true,
    activate: true,
    deactivate: true,
    prepare: true,
    unprepare: true,
    mountPath: true,
  },
  credentials: { addInstance: true, instances: true, removeInstance: true },
  guest: { attach: true, detach: true, exec: true, createContainer: true },
  vmAccess: { grant: true, revoke: true, grantGroup: true, revokeGroup: true },
  files: {
    stat: true,
    read: true,
    size: true,
    readBytes: true,
    copy: true,
    resolve: true,
    createFolder: true,
    removeFolder: true,
    removeFile: true,
  },
};

type Method = (...parameters: readonly unknown[]) => Promise<unknown>;

/** Has the ports loaded, and answers for a host that cannot be. */
async function loadedFor<T>(call: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw hostErrorOf(call, error);
  }
}

function deferredPort<P extends PortName>(name: P, load: () => Promise<LoadedPorts>): HostPort[P] {
  const methods = Object.keys(METHODS[name]).map((method) => {
    const call: Method = async (...parameters) => {
      const port = (await loadedFor(`${name}.${method}`, load))[name] as unknown as Readonly<Record<string, Method>>;
      return port[method]?.(...parameters);
    };
    return [method, call];
  });
  return Object.fromEntries(methods) as HostPort[P];
}

function nothingToEnd(): void {}

/**
 * Every port; `load` is called by each call, and loads once.
 * @param loaded the ports that are loaded; a handle that anybody has is of those
 */
export function deferred(load: () => Promise<LoadedPorts>, loaded: () => LoadedPorts | undefined): LoadedPorts {
  const ofSystem: ComputePort['onExit'] = (handle, told) => loaded()?.compute.onExit(handle, told) ?? nothingToEnd;
  const ofProcess: ProcessesPort['onExit'] = (handle, told) => loaded()?.processes.onExit(handle, told) ?? nothingToEnd;
  return {
    compute: { ...deferredPort('compute', load), onExit: ofSystem },
    processes: { ...deferredPort('processes', load), onExit: ofProcess },
    network: deferredPort('network', load),
    layers: deferredPort('layers', load),
    credentials: deferredPort('credentials', load),
    guest: deferredPort('guest', load),
    vmAccess: deferredPort('vmAccess', load),
    files: deferredPort('files', load),
    facts: async () => (await loadedFor('facts', load)).facts(),
  };
}
