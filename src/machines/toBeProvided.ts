import { type AnyEventObject, fromCallback, fromPromise, type NonReducibleUnknown } from 'xstate';

/** An actor that a machine names and types, and that whoever runs the machine provides. Rejects with its own name. */
export function toBeProvided<Output, Input>(name: string) {
  return fromPromise<Output, Input>(async () => {
    throw new Error(`the actor '${name}' was not provided: pass it with machine.provide({ actors: { ${name} } })`);
  });
}

/** The same of an actor that tells its parent what happens, for as long as it runs. */
export function callbackToBeProvided<Input extends NonReducibleUnknown, Told extends AnyEventObject>(name: string) {
  return fromCallback<AnyEventObject, Input, Told>(() => {
    throw new Error(`the actor '${name}' was not provided: pass it with machine.provide({ actors: { ${name} } })`);
  });
}
