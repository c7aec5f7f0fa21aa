/** The Host Compute Service of this machine: claims that need a host of a known description, or one that fails, wait. */
import { tmpdir } from 'node:os';
import { win32 } from 'node:path';
import { windowsHost } from '../../../src/hcs/native/windowsHost.ts';
import type { Stage } from '../claim.ts';
import { layOut, tidyUp } from './disk.ts';

export function windowsStage(): Stage {
  const host = windowsHost();
  const folder = win32.join(tmpdir(), `slipway-contract-${process.pid}`);
  return {
    abilities: new Set(['files']),
    whyNot: 'a real host is as it is, and is not made to fail',
    open: async () => {
      await layOut(folder);
      return { host, folder, close: async () => [] };
    },
    close: () => tidyUp(folder),
  };
}
