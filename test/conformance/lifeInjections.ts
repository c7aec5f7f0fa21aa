/** What a call that fails, or never answers, leaves behind, anywhere in the whole life of a container. */
import { vmId } from '../../src/domain/ids.ts';
import { difference, type FaultMoment, type SimulatedHost } from '../../src/testing/index.ts';
import type { Case } from './case.ts';
import { quiet } from './hangWatch.ts';
import { comparable, type InjectionResult, linesOf } from './injections.ts';
import { LIVELY, type Lived, wholeLife, withProcess } from './life.ts';
import { inTime, type OpenCase, openCase } from './runCase.ts';

type When = Extract<InjectionResult['injection']['when'], FaultMoment>;

interface LifeOf {
  readonly one: Case;
  readonly open: OpenCase;
  readonly aliveBefore: readonly string[];
  /** Calls that were made before the life began. */
  readonly callsBefore: number;
  readonly defects: string[];
}

async function begin(one: Case): Promise<LifeOf> {
  const open = await openCase(one, 0, LIVELY);
  const { host } = open;
  return { one, open, aliveBefore: host.snapshot(), callsBefore: host.calls.length, defects: [] };
}

const isScratch = (line: string): boolean => line.startsWith('disk.scratchLayer ');

function newOn({ open: { host }, aliveBefore }: LifeOf, ok: boolean): readonly string[] {
  return difference(aliveBefore, host.snapshot()).appeared.filter((line) => !(ok && isScratch(line)));
}

/** What the first delete has left is what it has said. */
async function expectSaid(life: LifeOf, { ok, report }: Lived): Promise<void> {
  const { one, open, defects } = life;
  const vm = one.request.uvm ? await open.vms.read(vmId(one.request.uvm.id)) : undefined;
  const [there, said] = [comparable(newOn(life, ok)), comparable(linesOf(report.residue, vm))];
  if (JSON.stringify(there) === JSON.stringify(said)) return;
  defects.push(`on the host: [${there.join(', ')}], reported: [${said.join(', ')}]`);
}

async function resultOf(life: LifeOf, lived: Lived, injection: InjectionResult['injection']): Promise<InjectionResult> {
  const { one, open, aliveBefore, defects } = life;
  const aliveAfter = open.host.snapshot();
  const leaked = newOn(life, lived.ok);
  defects.push(...difference(aliveBefore, aliveAfter).gone.map((line) => `gone, and not ours: ${line}`));
  const status = lived.container?.life.status ?? 'deleted';
  if (status !== 'deleted') defects.push(`it is ${status} at the end`);
  const residue = lived.report.residue.map(({ resource }) => JSON.stringify(resource));
  const clean = leaked.length + defects.length === 0;
  return {
    name: one.name,
    injection,
    ok: lived.ok,
    aliveBefore,
    aliveAfter,
    held: [],
    residue,
    clean,
    leaked,
    defects,
  };
}

const callOf = ({ calls }: SimulatedHost): string => calls.find(({ injected }) => injected)?.call ?? 'none';

async function fail(one: Case, n: number, when: When): Promise<InjectionResult> {
  const life = await begin(one);
  const { open, defects } = life;
  open.host.inject({ nth: n, when });
  const provision = open.create();
  const lived = await wholeLife(provision, defects);
  await quiet(open, provision);
  await expectSaid(life, lived);
  if (lived.report.residue.length > 0) await inTime(lived.release());
  return resultOf(life, lived, { n, when, call: callOf(open.host) });
}

/** The life goes on to its end without the answer; when that comes after all, what it brings is undone. */
async function hang(one: Case, n: number, when: When): Promise<InjectionResult> {
  const life = await begin(one);
  const { open, defects } = life;
  const armed = () => void open.host.inject({ nth: n, when });
  const provision = open.create();
  const lived = await wholeLife(provision, defects, armed);
  open.host.answerPending();
  if (!(await quiet(open, provision))) defects.push('it does not come to rest');
  await inTime(lived.release());
  await quiet(open, provision);
  return resultOf(life, lived, { n, when, call: callOf(open.host) });
}

/** The calls of a life that nothing is done to, all of them and those after its create; none when its create fails. */
async function callsOf(one: Case): Promise<{ readonly all: number; readonly lived: number }> {
  const life = await begin(one);
  const { host, create } = life.open;
  let created = 0;
  const lived = await wholeLife(create(), life.defects, () => {
    created = host.calls.length;
  });
  if (life.defects.length > 0) throw new Error(`${one.name}: ${life.defects.join('; ')}`);
  return lived.ok
    ? { all: host.calls.length - life.callsBefore, lived: host.calls.length - created }
    : { all: 0, lived: 0 };
}

/** Every call of a life fails, before and after it had its effect. */
export async function* injectIntoLives(recorded: Case): AsyncGenerator<InjectionResult> {
  const one = withProcess(recorded);
  const { all } = await callsOf(one);
  for (let n = 1; n <= all; n += 1) {
    yield await fail(one, n, 'before');
    yield await fail(one, n, 'after');
  }
}

/** Every call of a life from its start on hangs, before and after it had its effect. */
export async function* hangInLives(recorded: Case): AsyncGenerator<InjectionResult> {
  const one = withProcess(recorded);
  const { lived } = await callsOf(one);
  for (let n = 1; n <= lived; n += 1) {
    yield await hang(one, n, 'never');
    yield await hang(one, n, 'neverAfterEffect');
  }
}
