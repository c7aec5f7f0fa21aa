/** The whole life of the container of a case: created, started, something run in it, stopped, deleted. */
import { text } from 'node:stream/consumers';
import {
  type Container,
  type ContainerProcess,
  LifeFault,
  LifeRefusal,
  type Provision,
  ProvisionFault,
  type ReleaseReport,
} from '../../src/index.ts';
import type { SimulatedHostOptions } from '../../src/testing/index.ts';
import type { Case } from './case.ts';
import { inTime } from './runCase.ts';

/** What is run beside the first process; it writes what it reads. */
const ECHO = 'slipway-echo';
const SAID = 'what is said to it';

/** What the processes of a host do in which lives are led: the first one of a container runs until it is ended. */
export const LIVELY: SimulatedHostOptions = { processes: [{ match: ECHO, echo: true }] };

/** A recorded request that has no process, or one without arguments, is given one. */
export function withProcess(one: Case): Case {
  const { spec } = one.request;
  if (spec === null) return one;
  const { process } = spec as { readonly process?: { readonly args?: readonly string[] } };
  const asked = process?.args?.length ? process : { ...process, args: ['serve'] };
  const isLinux = 'linux' in spec;
  const whole = { cwd: isLinux ? '/' : 'C:\\', ...(isLinux ? { user: { uid: 0, gid: 0 } } : {}), ...asked };
  const lively: object = { ...spec, process: whole };
  return { ...one, request: { ...one.request, spec: lively } };
}

/** Whether the error says what has become of what was asked for. */
function isSaid(error: unknown): boolean {
  return error instanceof LifeFault || error instanceof LifeRefusal;
}

async function talkTo({ stdin, stdout, wait }: ContainerProcess): Promise<string> {
  stdin?.end(SAID);
  const heard = stdout === undefined ? '' : await text(stdout);
  await wait();
  return heard;
}

/** What is run in it says what it is to say, and ends. @throws {LifeFault} {@link LifeRefusal} */
export async function speak(container: Container): Promise<void> {
  const process = await container.exec({ args: [ECHO], stdio: { stdin: 'pipe' } });
  const heard = await talkTo({ ...process, wait: () => process.wait(), stdin: process.stdin, stdout: process.stdout });
  if (heard !== SAID && container.life.status === 'running') throw new Error(`it was heard to say '${heard}'`);
}

/** Whatever goes wrong in it, and is told, its end is the delete. */
export async function live(container: Container, defects: string[] = []): Promise<ReleaseReport> {
  try {
    await container.start();
    await speak(container);
    await container.stats();
    await container.shutdown();
  } catch (error) {
    if (!isSaid(error)) defects.push(`not a fault: ${error instanceof Error ? error.stack : String(error)}`);
  }
  return container.delete({ force: true });
}

/** What of a life can be given back, whatever it has come to. */
export interface Lived {
  readonly ok: boolean;
  readonly container?: Container;
  readonly report: ReleaseReport;
  readonly release: () => Promise<ReleaseReport>;
}

const NOTHING: ReleaseReport = { released: [], residue: [] };

/** From the create to the end; one that hangs is a defect. */
export async function wholeLife(provision: Provision, defects: string[], onCreated = () => {}): Promise<Lived> {
  try {
    const { container } = await inTime(provision.result);
    onCreated();
    const report = await inTime(live(container, defects));
    return { ok: true, container, report, release: () => container.delete({ force: true }) };
  } catch (error) {
    if (!(error instanceof ProvisionFault)) {
      defects.push(`${provision.state.life?.path ?? provision.state.path}: ${String(error)}`);
      return { ok: false, report: NOTHING, release: async () => NOTHING };
    }
    const { held } = error;
    const release = async () => (await held?.release()) ?? NOTHING;
    return { ok: false, report: await release(), release };
  }
}
