import { text } from 'node:stream/consumers';
import { type Container, type ContainerProcess, createProvisioner } from '../src/index.ts';
import { simulatedHost } from '../src/testing/index.ts';
import { type Benchmark, type Budget, type Measured, measure, type Row } from './measure.ts';
import { WEB_HOST, webRequest } from './web.ts';

const PROCESSES = [{ match: 'hello', stdout: 'hello\n' }];

const nothing = async (): Promise<void> => {};

async function execIn(container: Container): Promise<ContainerProcess> {
  const hello = await container.exec({ args: ['hello.exe'] });
  if (hello.stdout !== undefined) await text(hello.stdout);
  await hello.wait();
  return hello;
}

async function wholeLife(container: Container): Promise<void> {
  await container.start();
  await execIn(container);
  await container.shutdown();
  await container.delete();
}

/** A container for each sample, which is deleted after it; neither is in its time. */
async function timed(
  name: string,
  run: (container: Container) => Promise<unknown>,
  ready: (container: Container) => Promise<unknown> = nothing,
): Promise<Measured> {
  const provisioner = await createProvisioner({ host: simulatedHost({ ...WEB_HOST, processes: PROCESSES }) });
  let n = 0;
  let container: Container;
  return {
    name,
    before: async () => {
      n += 1;
      ({ container } = await provisioner.create(webRequest(n)).result);
      await ready(container);
    },
    run: async () => {
      await run(container);
    },
    after: async () => void (await container.delete({ force: true })),
  };
}

const start = (container: Container) => container.start();
async function startAndStop(container: Container): Promise<void> {
  await container.start();
  await container.shutdown();
}

async function run(budget: Budget): Promise<readonly Row[]> {
  const measured = [
    await timed('start, exec, shutdown, delete', wholeLife),
    await timed('- start', start),
    await timed('- exec', execIn, start),
    await timed('- shutdown', (container) => container.shutdown(), start),
    await timed('- delete', (container) => container.delete(), startAndStop),
  ];
  return measure(measured, budget, 'us');
}

/** A life after its create, and its parts. */
export const life: Benchmark = {
  name: 'life',
  title: 'The life of a container, on a simulated host without latency',
  run,
};
