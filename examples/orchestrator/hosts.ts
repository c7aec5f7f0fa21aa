/** The host that is named on the command line. */
import { type HostPort, windowsHost } from 'slipway';
import { keptSimulatedHost, type SimulatedHostOptions } from 'slipway/testing';

/** What runs on a simulated host whose command line says so. */
const PROCESSES: NonNullable<SimulatedHostOptions['processes']> = [
  { match: 'serve', forever: true },
  { match: 'work', afterMs: 3_000 },
  { match: 'crash', afterMs: 1_000, exitCode: 1 },
];

const SIMULATED = 'simulated:';

/** @param name `windows`, or `simulated:FOLDER`; undefined for any other one */
export function hostNamed(name: string): HostPort | undefined {
  if (name === 'windows') return windowsHost();
  const folder = name.startsWith(SIMULATED) ? name.slice(SIMULATED.length) : '';
  return folder === '' ? undefined : keptSimulatedHost(folder, { processes: PROCESSES });
}
