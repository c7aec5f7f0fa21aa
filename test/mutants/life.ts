/** One-line mistakes in the statecharts of releases, containers and processes that the tests must notice. */
import type { Mutant } from './mutant.ts';

const CONTAINER = 'src/machines/container';
const PROCESS = 'src/machines/process/machine.ts';

export const IN_LIVES: readonly Mutant[] = [
  {
    file: 'src/machines/releaseResources.ts',
    find: 'queue: params.alive.filter((resource) => !context.unanswered.includes(resource)),',
    replace: 'queue: params.alive,',
    why: 'a release is tried beside itself',
  },
  {
    file: 'src/machines/releaseResources.ts',
    find: 'mustGoOverItAgain: ({ context }) => context.again,',
    replace: 'mustGoOverItAgain: () => false,',
    why: 'what a late answer made possible is not tried',
  },
  {
    file: 'src/machines/releaseResources.ts',
    find: 'context.queue[0] === params.resource',
    replace: 'context.queue[0] !== params.resource',
    why: 'a late answer counts as that of another release',
  },
  {
    file: 'src/machines/releaseResources.ts',
    find: "{ guard: 'queueIsEmpty', target: 'counting' }, ",
    replace: '',
    why: 'an empty release has no end',
  },
  {
    file: 'src/machines/releaseResources.ts',
    find: "{ guard: 'mustWaive', target: 'waiving' },",
    replace: '',
    why: 'of several waives at once only the first is heard',
  },
  {
    file: 'src/machines/utilityVm/setup.ts',
    find: 'context.keepOnFailure && !context.isGivenBack && acquiring',
    replace: 'context.keepOnFailure && acquiring',
    why: 'a VM that was given back is kept a second time',
    tests: ['test/engine/givenBack'],
  },
  {
    file: `${CONTAINER}/setup.ts`,
    find: 'how: context.how ?? how',
    replace: 'how',
    why: 'the last cause counts, not the first',
  },
  {
    file: `${CONTAINER}/alive.ts`,
    find: "'service.disconnected': { target: 'reconciling' },",
    replace: '',
    why: 'a container whose handles are dead goes on as if they were not',
  },
  {
    file: `${CONTAINER}/alive.ts`,
    find: "after: { shutdownDeadline: { target: 'terminating' } },",
    replace: '',
    why: 'a container that does not end is waited for without end',
  },
  {
    file: `${CONTAINER}/ending.ts`,
    find: "{ guard: { type: 'nothingIsLeft', params: residueOf }, target: 'deleted' }, { target: 'undeleted' }",
    replace: "{ target: 'deleted' }",
    why: 'a container of which something is left counts as deleted',
  },
  {
    file: `${CONTAINER}/reconciling.ts`,
    find: "{ guard: 'mayAskAgain', target: 'waiting' },",
    replace: '',
    why: 'a service that is away is asked once',
  },
  {
    file: `${CONTAINER}/started.ts`,
    find: "after: { stopTimeout: { target: 'killing' } },\n  on: { 'container.stop': [{ guard: { type: 'mayNotWait', params: stopOf }, target: 'killing' }, {}] },\n});\n\nconst killing",
    replace:
      "on: { 'container.stop': [{ guard: { type: 'mayNotWait', params: stopOf }, target: 'killing' }, {}] },\n});\n\nconst killing",
    why: 'a process that heeds no signal is waited for without end',
  },
  {
    file: PROCESS,
    find: "{ guard: 'hasFailed', target: 'undoing' },",
    replace: '',
    why: 'a process that came too late runs on',
  },
  {
    file: PROCESS,
    find: "{ guard: 'mayReopen', target: 'reopening', reenter: true },",
    replace: '',
    why: 'a handle is opened anew once',
  },
];
