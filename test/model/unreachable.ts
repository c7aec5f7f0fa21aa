/** What no event leads to, and why it is there all the same. */
export const UNREACHABLE: ReadonlyArray<{ readonly is: RegExp; readonly because: string }> = [
  {
    is: /^\w+ anywhere: done\.releaser$/,
    because: 'the releaser has no end: that both ends of every invoke are handled is a rule of the house',
  },
  {
    is: /^(container alive|process running): done\.watch(System|Process)$/,
    because: 'a watcher has no end: that both ends of every invoke are handled is a rule of the house',
  },
  {
    is: /^\w+ (initializing|validating)\.outcomeUnknown\.(held|deciding: always \[keepsResources\] #1)/,
    because: 'these steps acquire nothing, so that nothing is kept of them; they share the inside of all calls',
  },
];
