import { fromPromise } from 'xstate';

/** An actor that a machine names and types, and that whoever runs the machine provides. Rejects with its own name. */
export function toBeProvided<Output, Input>(name: string) {
  return fromPromise<Output, Input>(async () => {
    throw new Error(`the actor '${name}' was not provided: pass it with machine.provide({ actors: { ${name} } })`);
  });
}
