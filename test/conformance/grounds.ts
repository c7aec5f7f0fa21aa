/** The grounds that a command was asked for, with all that they need around them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostChoice } from './commandLine.ts';
import { type Grounds, simulatedGround } from './ground.ts';

/** The stand-in libraries, and a service for them, of this process. */
async function ownService(): Promise<Grounds> {
  const { buildStandIns } = await import('../standin/build.ts');
  const { startStandIn } = await import('../standin/control.ts');
  const { STANDIN_ROOT } = await import('../standin/libraries.ts');
  const { nativeGround } = await import('./nativeGround.ts');
  buildStandIns('linux');
  const service = await startStandIn();
  const grounds = await nativeGround(service.port, join(STANDIN_ROOT, 'linux'));
  return {
    make: grounds.make,
    close: async () => {
      await grounds.close();
      await service.stop();
    },
  };
}

/** @throws {Error} when the stand-in libraries cannot be built */
export async function groundsOf({ name, service }: HostChoice): Promise<Grounds> {
  if (name === 'simulated') return { make: simulatedGround, close: async () => {} };
  if (service === undefined) return ownService();
  const { nativeGround } = await import('./nativeGround.ts');
  return nativeGround(service.port, service.libraries);
}

/** Runs the command again, compiled, in a Node of Windows; its service stays here. Gives its exit code. */
export async function runInWine(command: 'parity' | 'faults'): Promise<number> {
  const { prepare } = await import('../contract/prepare.ts');
  const { runScriptInWine } = await import('../contract/launch.ts');
  const why = prepare([{ platform: 'wine' }]).wine;
  if (why !== undefined) {
    process.stderr.write(`${why}\n`);
    return 2;
  }
  const args = process.argv.slice(2).filter((arg) => arg !== '--wine');
  const { code, log } = await runScriptInWine(`test/conformance/${command}.js`, args);
  process.stdout.write(readFileSync(log, 'utf8'));
  return code;
}
