import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readFacts } from '../../src/cli/hostDescription.ts';
import { endpointId } from '../../src/domain/ids.ts';
import { simulatedHost } from '../../src/testing/index.ts';
import { startVm, VM, VM_HOST_FILES, windowsVmDocument } from '../support/vmReplay.ts';

const EP = '11111111-1111-4111-8111-111111111111';

describe('a facts file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'slipway-facts-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const read = (facts: object) => {
    const file = join(folder, 'facts.json');
    writeFileSync(file, JSON.stringify(facts));
    return readFacts(file);
  };

  test('can say what HNS knows of an endpoint, what guests answer, and what is in a file', async () => {
    const endpoint = { ID: EP, MacAddress: '00-15-5D-00-00-01', VirtualNetworkName: 'nat' };
    const host = simulatedHost(
      read({
        files: [...VM_HOST_FILES, { path: 'C:\\layer.vhd', size: 4, bytes: 'AQI=' }],
        endpoints: { [EP]: endpoint },
        exec: [{ match: 'pnputil', exitCode: 259, stderr: 'no more items' }],
      }),
    );
    await startVm(host, windowsVmDocument());
    expect(await host.network.queryEndpoint(endpointId(EP))).toEqual(endpoint);
    expect([...(await host.files.readBytes('C:\\layer.vhd', 0, 9))]).toEqual([1, 2, 0, 0]);
    const process = { CommandLine: 'pnputil', WorkingDirectory: 'C:\\', CreateStdErrPipe: true } as const;
    expect(await host.guest.exec(VM, process)).toEqual({ exitCode: 259, output: 'no more items' });
  });

  test.each([
    ['an endpoint without its id', { endpoints: { [EP]: { MacAddress: '00' } } }],
    ['an answer to nothing', { exec: [{ stdout: 'x' }] }],
    ['bytes that are no base64', { files: [{ path: 'C:\\a', bytes: '!' }] }],
  ])('is refused with %s', (_, facts) => {
    expect(() => read(facts)).toThrow('do not describe a host');
  });
});
