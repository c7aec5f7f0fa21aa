/** What an actor at work can be heard of with. */
import { toFault } from '../../actors/faults.ts';
import type { Fault } from '../../domain/fault.ts';
import type { Phase } from '../../domain/step.ts';
import { meaningOf } from '../../hcs/codes.ts';
import { HRESULT } from '../../hcs/codeTable.ts';
import { HostError } from '../../hcs/hostError.ts';
import type { Recording } from '../stage/recording.ts';
import type { Facts } from './facts.ts';
import type { Stand } from './machinery.ts';

export type Answer =
  | { readonly kind: 'succeeds'; readonly words: string; readonly output: unknown }
  | { readonly kind: 'fails'; readonly words: string; readonly hresult: number; readonly fault: Fault };

/** What actors of one's own answer, by the ids of their invokes; an `error` is what they reject with. */
export type OwnAnswers = Readonly<
  Record<string, ReadonlyArray<{ readonly words: string } & ({ readonly output: unknown } | { readonly error: Fault })>>
>;

interface Asked {
  readonly stand: Stand;
  readonly facts: Facts;
  readonly actor: string;
  readonly recording: Recording | undefined;
  readonly own: OwnAnswers;
  readonly codes: readonly number[];
}

const succeeds = (output: unknown, words = 'succeeds'): Answer => ({ kind: 'succeeds', words, output });

function fails(call: string, hresult: number, phase: Phase): Answer {
  const fault = toFault(new HostError(call, hresult), phase);
  return { kind: 'fails', words: `fails with ${meaningOf(hresult).name}`, hresult, fault };
}

function ownAnswers({ own, actor }: Asked): readonly Answer[] {
  return (own[actor] ?? []).map((answer) =>
    'error' in answer
      ? { kind: 'fails', words: answer.words, hresult: 0, fault: answer.error }
      : succeeds(answer.output, answer.words),
  );
}

const isSystem = ({ kind }: Facts['owns'][number]): boolean => kind === 'computeSystem' || kind === 'utilityVm';

function reopened({ facts, recording }: Asked): readonly Answer[] {
  const mayBeGone = facts.owns.some((one) => isSystem(one) && one.state === 'held') && recording?.isHosted === false;
  return [
    succeeds('there', 'finds the system there'),
    ...(mayBeGone ? [succeeds('gone', 'finds the system gone')] : []),
    fails('compute.open', HRESULT.serverUnavailable, 'reconciling'),
  ];
}

/** Everything that an actor may be heard of with; the good comes first. */
export function answersOf(asked: Asked): readonly Answer[] {
  const { stand, facts, actor, recording, codes } = asked;
  if (recording === undefined) return ownAnswers(asked);
  if (actor === 'reopenSystem') return reopened(asked);
  const { step } = stand.snapshot.context as { readonly step: Phase };
  const performance = recording.performances.get(actor);
  if (facts.isCutOff && facts.begun.includes(actor)) return [fails('compute', HRESULT.serviceDisconnect, step)];
  const call = performance?.lastCall ?? actor;
  return [succeeds(performance?.output ?? null), ...codes.map((code) => fails(call, code, step))];
}
