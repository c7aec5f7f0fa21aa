import { describe, expect, test } from '@jest/globals';
import { difference } from '../../src/testing/index.ts';
import { until } from '../support/lives.ts';
import { idle } from '../support/requests.ts';
import { POD_GUESTS, type PodGuest, podRequest, setUpPod } from '../support/vmPods.ts';

async function startedIn(guest: PodGuest, args: readonly string[] = ['serve']) {
  const pod = await setUpPod(guest, { scratchIsThere: guest === 'linux' });
  const before = pod.host.snapshot();
  const request = podRequest(guest, 'one', ['disk']);
  const process = { args, cwd: guest === 'linux' ? '/' : 'C:\\' };
  const { container } = await pod.provisioner.create({ ...request, spec: { ...(request.spec as object), process } })
    .result;
  const init = await container.start();
  const left = () => difference(before, pod.host.snapshot()).appeared.filter((line) => !line.startsWith('disk.'));
  return { ...pod, container, init, left };
}

describe.each(POD_GUESTS)('a container in a %s VM', (guest) => {
  test('is shut down, and leaves its VM as it was', async () => {
    const { container, left, vm } = await startedIn(guest);
    const process = await container.exec({ args: ['true'] });
    expect(await process.wait()).toEqual({ exitCode: 0 });
    expect(await container.shutdown()).toMatchObject({ how: 'graceful' });
    expect((await container.delete()).residue).toEqual([]);
    expect(left()).toEqual([]);
    await vm.stop();
  });

  test('whose first process ends by itself has ended gracefully', async () => {
    const { host, container, init, left, vm } = await startedIn(guest);
    const other = host.attach();
    const system = await other.compute.open(container.id);
    const handle = await other.processes.open(system, init.pid);
    await other.processes.signal(handle, { Signal: guest === 'linux' ? 2 : 'CtrlC' });
    await other.processes.close(handle);
    await other.compute.close(system);
    expect(await container.wait()).toMatchObject({ how: 'graceful', exitCode: guest === 'linux' ? 130 : 0xc000013a });
    expect((await container.delete()).residue).toEqual([]);
    expect(left()).toEqual([]);
    await vm.stop();
  });

  test('ends with it when its guest crashes', async () => {
    const { host, container, init, vm } = await startedIn(guest);
    const sleeper = await container.exec({ args: ['true'] });
    await host.vmExits(vm.id);
    await until(() => container.life.status === 'stopped' || container.life.status === 'deleted');
    expect(await container.wait()).toMatchObject({ how: 'crashedGuest' });
    expect(await init.wait()).toBeDefined();
    expect(await sleeper.wait()).toBeDefined();
    expect((await container.delete()).residue).toEqual([]);
    await vm.stop();
    await idle();
    expect(host.snapshot().filter((line) => /^(handle|process|computeSystem|utilityVm)/.test(line))).toEqual([]);
  });
});
