import type { Fault } from '../domain/fault.ts';
import { heldFields } from './cleanup/kept.ts';
import type { HostName } from './hostName.ts';
import type { CreateReport } from './outcome.ts';

/** One object a line on stdout; every line says which kind of host it speaks of. */
export function jsonReport(out: (text: string) => void, host: HostName = 'simulated'): CreateReport {
  const print = (fields: object): void => out(`${JSON.stringify({ host, ...fields })}\n`);
  const problem = ({ code, message, hint }: Pick<Fault, 'code' | 'message' | 'hint'>) => ({ code, message, hint });
  return {
    started: (containerId) => print({ type: 'create.started', containerId }),
    event: (event) => print(event),
    created: ({ container, resources }, seen) =>
      print({ type: 'result', ok: true, containerId: container.id, resources, ...seen }),
    failed: ({ fault, containerId }, left, seen, held) => {
      const kept = held === undefined ? {} : { held: heldFields(held) };
      print({ type: 'result', ok: false, containerId, fault, left, alive: seen?.alive, ...kept });
    },
    refused: (input) => print({ type: 'result', ok: false, fault: problem(input) }),
    interrupted: () => print({ type: 'create.interrupted' }),
  };
}
