/** Goes along a path with real actors, a real ledger and a simulated host, and looks at all of them after every step. */
import type { AnyMachineSnapshot } from 'xstate';
import { isAlive, releaseOrder } from '../../domain/resource.ts';
import type { Stands } from '../model/machinery.ts';
import type { ProvisionPath } from '../model/paths.ts';
import { valueInWords } from '../model/words.ts';
import { unnamedOn } from '../owners.ts';
import { Player, type View } from './player.ts';
import { Stage } from './stage.ts';

/** The run did otherwise than its path says. */
export class PathDeviation extends Error {
  override readonly name = 'PathDeviation';
  /** Which step it was, from 1; 0: the beginning. */
  readonly step: number;

  constructor(path: ProvisionPath, step: number, what: string) {
    const steps = path.steps.slice(0, step).map(({ happening }, index) => `  ${index + 1}. ${happening.type}`);
    super(`${what}\non the path: ${path.name}\n${steps.join('\n')}`);
    this.step = step;
  }
}

const faultOf = (snapshot: AnyMachineSnapshot): string | undefined => snapshot.context?.fault?.code;

function expectedOf(stands: Stands): readonly View[] {
  return [...stands.values()].map(({ place, snapshot }) => ({
    place,
    value: valueInWords(snapshot.value),
    fault: faultOf(snapshot),
  }));
}

const inWords = (views: readonly View[]): string =>
  views
    .map(({ place, value, fault }) => `${place} ${value}${fault === undefined ? '' : ` (${fault})`}`.trim())
    .join('; ');

/** Why the run does not stand where the path says that it does; undefined when it does. */
function difference(player: Player, stands: Stands): string | undefined {
  const [wanted, found] = [inWords(expectedOf(stands)), inWords(player.views)];
  return wanted === found ? undefined : `it should stand at ${wanted}, and stands at ${found}`;
}

/** What is on the host and in no ledger. */
function leak({ host, before, entries }: Stage): string | undefined {
  const told = entries.filter((entry) => isAlive(entry) || entry.state === 'handedOver' || entry.state === 'waived');
  const lines = unnamedOn(host.snapshot(), before, told);
  return lines.length === 0 ? undefined : `on the host, and in no ledger: ${lines.join(', ')}`;
}

/** The path as it was gone: where it ended, and what its run left behind when it was over. */
export interface PathRun {
  /** The statechart of the root at the end of the path, in words. */
  readonly end: string;
  /** The host before the run. */
  readonly before: readonly string[];
  /** After everything was given back. */
  readonly after: readonly string[];
}

function check(stage: Stage, player: Player, path: ProvisionPath, index: number, stands: Stands): void {
  const what = difference(player, stands) ?? leak(stage);
  if (what !== undefined) throw new PathDeviation(path, index, what);
}

/**
 * Runs the path on the engine, over a simulated host on which what it says happens.
 * @throws {PathDeviation} where states, faults, ledger or host are not as they should be
 */
export async function runPath(path: ProvisionPath): Promise<PathRun> {
  const stage = await Stage.set(path.setting);
  const player = new Player(stage, path.setting);
  await player.start();
  const { model } = path.setting;
  let state = path.initial;
  check(stage, player, path, 0, state.stands);
  for (const [index, { happening }] of path.steps.entries()) {
    await player.play(
      happening,
      path.steps.slice(index + 1).map((step) => step.happening),
    );
    state = model.after(state, happening);
    check(stage, player, path, index + 1, state.stands);
  }
  const [root] = player.views;
  const end = root?.value ?? '';
  await player.finish();
  const left = stage.entries.filter(isAlive);
  if (left.length > 0) {
    const what = releaseOrder(left).map(({ resource }) => resource.kind);
    throw new PathDeviation(path, path.steps.length, `at the end there is left: ${what.join(', ')}`);
  }
  return { end, before: stage.before, after: stage.host.snapshot() };
}
