/** Makes happen on a stage what a path says. */
import type { EventObject } from 'xstate';
import { isAlive, releaseOrder } from '../../domain/resource.ts';
import { isKeptByCaller } from '../model/facts.ts';
import type { Happening } from '../model/happening.ts';
import type { PathSetting } from '../model/paths.ts';
import type { HeldActor } from './conductor.ts';
import { type Driven, drivenActor, drivenRun, type View } from './driven.ts';
import { type Stage, settle } from './stage.ts';

export type { View } from './driven.ts';

type Of<K extends Happening['kind']> = Happening & { readonly kind: K };

/** How often the run is urged on before it counts as one that never ends. */
const URGES = 400;
const LONG_MS = 300_000;

/** What happens first of what ends the wait for an actor. */
function fateOf(actor: string, coming: readonly Happening[]): Of<'succeeds' | 'fails'> | undefined {
  const next = coming.find(({ kind }) => kind !== 'turnComes');
  const isAnswer = next !== undefined && (next.kind === 'succeeds' || next.kind === 'fails');
  return isAnswer && next.actor === actor ? next : undefined;
}

export class Player {
  readonly #stage: Stage;
  readonly #setting: PathSetting;
  readonly #heals: Array<() => void> = [];
  readonly #driven: Driven;
  #occupied: Of<'waitsForTurn'>['class'] | undefined;

  constructor(stage: Stage, setting: PathSetting) {
    this.#stage = stage;
    this.#setting = setting;
    const { machineOf, input, answers } = setting;
    this.#driven =
      machineOf === undefined
        ? drivenRun(stage.runOfScenario())
        : drivenActor(stage.actorOf(machineOf, input, Object.keys(answers)));
  }

  get views(): readonly View[] {
    return this.#driven.views();
  }

  async start(): Promise<void> {
    this.#driven.start();
    await settle();
  }

  async play(happening: Happening, coming: readonly Happening[]): Promise<void> {
    switch (happening.kind) {
      case 'succeeds':
        await this.#succeed(happening);
        break;
      case 'fails':
        await this.#fail(happening);
        break;
      case 'timePasses':
        await this.#hang();
        this.#stage.clock.advance(happening.ms);
        break;
      case 'isTold':
        await this.#tell(happening.event);
        break;
      case 'waitsForTurn':
        this.#wait(happening, coming);
        break;
      case 'turnComes':
        this.#vacate();
        break;
      case 'isReleased':
        await this.#release(happening);
        break;
      case 'breaks':
        await this.#stage.breakReleaser();
        break;
    }
    await settle();
  }

  /** Lets everything answer, and gives everything back. @throws {RangeError} when that has no end */
  async finish(): Promise<void> {
    const { conductor, host, clock, refused } = this.#stage;
    this.#vacate();
    this.#heal();
    refused.clear();
    for (let urge = 0; !this.#driven.hasEnded(); urge += 1) {
      if (urge > URGES) throw new RangeError(`the run does not end: it stands at ${JSON.stringify(this.views)}`);
      host.answerPending();
      for (const id of conductor.waiting) conductor.held(id)?.answer();
      await settle();
      if (urge % 3 === 2 && !this.#driven.giveBack()) clock.advance(LONG_MS);
    }
  }

  #held(actor: string): HeldActor {
    const held = this.#stage.conductor.held(actor);
    if (held === undefined) throw new RangeError(`${actor} is not at work`);
    return held;
  }

  async #end(held: HeldActor): Promise<void> {
    if (held.hasBegun) this.#stage.host.answerPending();
    held.begin();
    while (!held.hasEnded) await settle(1);
    this.#heal();
  }

  async #succeed({ actor, event }: Of<'succeeds'>): Promise<void> {
    const held = this.#held(actor);
    const { output } = event as EventObject & { readonly output?: unknown };
    if (actor in this.#setting.answers) return held.give(output);
    if (actor === 'reopenSystem' && output === 'gone') await this.#restart(false);
    await this.#end(held);
    held.answer();
  }

  async #fail({ actor, fault, hresult }: Of<'fails'>): Promise<void> {
    const held = this.#held(actor);
    const calls = this.#callsOf(actor);
    if (held.hasBegun) {
      const failsByItself = held.hasEnded;
      await this.#end(held);
      return failsByItself ? held.answer() : held.fail(fault);
    }
    if (calls === 0) return held.fail(fault);
    this.#heals.push(this.#stage.host.inject({ nth: calls, when: 'before', hresult }));
    await this.#end(held);
    held.answer();
  }

  #callsOf(actor: string): number {
    return this.#setting.recording.performances.get(actor)?.calls ?? 0;
  }

  /** The work of those that were not let go begins, and their last calls do not answer. */
  async #hang(): Promise<void> {
    const { conductor, host } = this.#stage;
    for (const id of conductor.waiting) {
      const held = conductor.held(id);
      const calls = this.#callsOf(id);
      if (held === undefined || held.hasBegun || calls === 0) continue;
      const heal = host.inject({ nth: calls, when: 'never' });
      held.begin();
      while (host.pendingCalls === 0 && !held.hasEnded) await settle(1);
      heal();
    }
  }

  async #tell(event: EventObject): Promise<void> {
    if (this.#occupied !== undefined) this.#heal();
    await this.#hang();
    if (event.type === 'service.disconnected') await this.#restart(true);
    if (event.type === 'vm.exited') await this.#stage.host.vmExits('shop-vm');
    const residue = this.#stage.entries.find(({ state }) => state === 'residue');
    const isWaived = event.type === 'release.waive' && residue !== undefined;
    this.#driven.send(isWaived ? Object.assign({}, event, { resource: residue.id }) : event);
    await settle();
    this.#vacate();
  }

  async #restart(systemsSurvive: boolean): Promise<void> {
    await this.#stage.host.serviceDies({ systemsSurvive });
    this.#stage.host.serviceRestarts();
  }

  #wait({ actor, class: kind }: Of<'waitsForTurn'>, coming: readonly Happening[]): void {
    const { host } = this.#stage;
    this.#stage.occupy(kind);
    this.#occupied = kind;
    const [fate, nth] = [fateOf(actor, coming), this.#callsOf(actor)];
    if (fate === undefined) this.#heals.push(host.inject({ nth, when: 'never' }));
    else if (fate.kind === 'fails') this.#heals.push(host.inject({ nth, when: 'before', hresult: fate.hresult }));
    this.#held(actor).begin();
  }

  #vacate(): void {
    if (this.#occupied !== undefined) this.#stage.vacate(this.#occupied);
    this.#occupied = undefined;
  }

  async #release({ which, refused }: Of<'isReleased'>): Promise<void> {
    const alive = releaseOrder(this.#stage.entries.filter(isAlive));
    const atStake = alive.filter(({ resource }) => which !== 'container' || !isKeptByCaller(resource.kind));
    for (const { id } of refused === 0 ? [] : atStake.slice(-refused)) this.#stage.refused.add(id);
    await this.#stage.release();
    this.#stage.refused.clear();
  }

  #heal(): void {
    for (const heal of this.#heals.splice(0)) heal();
  }
}
