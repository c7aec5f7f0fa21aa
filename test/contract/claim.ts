/** What a claim about the port is, and the host that it is held against. */
import type { HostPort } from '../../src/hcs/port.ts';
import type { InjectedFault } from '../../src/testing/index.ts';

/**
 * What a host under test can do beside its port. `described`: it is as {@link worldIn} says, systems can be made on it.
 * `files`: there is a folder with the files of the description. `injection`: its calls can be made to go wrong.
 * `serviceDeath`: the Host Compute Service can be ended and started. `processes`: other processes can be started on it.
 */
export type Ability = 'described' | 'files' | 'injection' | 'serviceDeath' | 'processes';

/** Another process, which holds the only handle to a system that ends with its last one. */
export interface OtherProcess {
  /** Ends it without a word. */
  kill(): Promise<void>;
}

/** One host, for one claim. */
export interface HostUnderTest {
  readonly host: HostPort;
  /** Where its files lie; a path of Windows. */
  readonly folder: string;
  /** What is alive on it, in the words of the simulated host. Absent where nobody can look. */
  snapshot?(): Promise<readonly string[]>;
  inject?(fault: InjectedFault): Promise<() => Promise<void>>;
  /** How many calls were made not to answer, and wait. */
  pendingCalls?(): Promise<number>;
  /** Lets them go on. */
  answerPending?(): Promise<void>;
  serviceDies?(death: { readonly systemsSurvive?: boolean; readonly inFlight?: 'undone' | 'done' }): Promise<void>;
  serviceRestarts?(): Promise<void>;
  /** The guest of a VM crashes. */
  vmExits?(id: string): Promise<void>;
  /** Has another process create the container `id`, and waits until it is there. */
  otherProcess?(id: string): Promise<OtherProcess>;
  /** The claim is over. Gives what the process still holds of the host's: handles, strings, callbacks. */
  close(): Promise<readonly string[]>;
}

/** Where hosts under test come from: one column of the table. */
export interface Stage {
  readonly abilities: ReadonlySet<Ability>;
  /** Why an ability is missing. */
  readonly whyNot: string;
  open(): Promise<HostUnderTest>;
  close(): Promise<void>;
}

export interface Claim {
  /** The part of the port that it is about. */
  readonly suite: string;
  readonly says: string;
  readonly needs: readonly Ability[];
  readonly check: (on: HostUnderTest) => Promise<void>;
}

export type Verdict =
  | { readonly verdict: 'passed' }
  | { readonly verdict: 'failed'; readonly why: string }
  | { readonly verdict: 'skipped'; readonly why: string };

export type Outcome = Pick<Claim, 'suite' | 'says'> & Verdict;

/** The claims of one suite, in the order of the list. */
export function suite(
  name: string,
  claims: ReadonlyArray<readonly [says: string, needs: readonly Ability[], check: Claim['check']]>,
): readonly Claim[] {
  return claims.map(([says, needs, check]) => ({ suite: name, says, needs, check }));
}
