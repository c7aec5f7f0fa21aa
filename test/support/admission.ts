/** Many creates on one host, and what goes on there at once. */
import {
  ADMISSION_CLASSES,
  type AdmissionClass,
  createProvisioner,
  type HostPort,
  type ProvisionerOptions,
} from '../../src/index.ts';
import { type SimulatedHostOptions, simulatedHost, virtualClock } from '../../src/testing/index.ts';
import { hostOptions, setUp } from './requests.ts';

/** Every class with the same limit. */
export const limitOf = (limit: number) =>
  Object.fromEntries(ADMISSION_CLASSES.map((name) => [name, limit])) as Record<AdmissionClass, number>;

/** A container with a scratch and an endpoint of its own. */
export const crowdRequest = (n: number) => ({
  id: `web-${n}`,
  spec: {
    root: { path: '' },
    windows: {
      layerFolders: ['C:\\layers\\base', `C:\\scratch\\web-${n}`],
      network: { endpointList: [`1b2f4a5e-7c3d-4e8f-9a0b-${String(n).padStart(12, '0')}`] },
    },
  },
});

type Options = Partial<Omit<ProvisionerOptions, 'host' | 'clock'>>;

/** A host on which each request of `crowdRequest` can be created. */
const crowdHost = (): SimulatedHostOptions => {
  const { files = [] } = hostOptions();
  return { endpoints: [], files: [...files, { path: 'C:\\scratch', dir: true }] };
};

/** Its time passes by itself. */
export const setUpCrowd = (options: Options) => setUp(crowdHost(), options);

/** The same, where time passes only when a test says so. */
export async function setUpCrowdByHand(options: Options) {
  const clock = virtualClock();
  const host = simulatedHost({ ...crowdHost(), clock });
  return { clock, host, provisioner: await createProvisioner({ host, clock, ...options }) };
}

/** Counts the calls to a part of the host that have not answered. */
class InFlight {
  most = 0;
  #now = 0;

  over<T extends object>(part: T): T {
    return new Proxy(part, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function' || name === 'nameToGuid') return member;
        return (...args: unknown[]) => this.#count(() => member.apply(target, args));
      },
    });
  }

  async #count(call: () => unknown): Promise<unknown> {
    this.#now += 1;
    this.most = Math.max(this.most, this.#now);
    try {
      return await call();
    } finally {
      this.#now -= 1;
    }
  }
}

/** What takes time on a real host. */
const LATENCIES = {
  'network.createNamespace': 20,
  'network.addEndpoint': 40,
  'layers.createScratch': 100,
  'layers.activate': 60,
  'layers.prepare': 30,
  'compute.create': 300,
};

/** A host that takes its time, and counts what goes on at once: names of layers apart, which are reckoned in memory. */
export async function crowdedHost(limit: number) {
  const clock = virtualClock({ autoAdvance: true });
  const simulated = simulatedHost({ ...crowdHost(), clock, latencies: LATENCIES });
  const inFlight = { layers: new InFlight(), network: new InFlight(), compute: new InFlight() };
  const host: HostPort = {
    ...simulated,
    layers: inFlight.layers.over(simulated.layers),
    network: inFlight.network.over(simulated.network),
    compute: inFlight.compute.over(simulated.compute),
  };
  return {
    host: simulated,
    inFlight,
    provisioner: await createProvisioner({ host, clock, admission: limitOf(limit) }),
  };
}
