/** Builds and installs what columns need, each part once and only where it is not up to date. */
import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { buildStandIns } from '../standin/build.ts';
import type { Column, Platform } from './columns.ts';
import { BUILD, ROOT, WINE_BUILD } from './environments/folders.ts';
import { installPackages } from './environments/packages.ts';
import { needSystemPackages } from './environments/systemPackages.ts';
import { prepareWine } from './environments/wine.ts';

/** Why a platform cannot be had; undefined when it can. */
export type Obstacles = Readonly<Partial<Record<Platform, string>>>;

/** What another process runs meanwhile stays where it is, and is written over. */
function compile(): void {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.contract.json'], { cwd: ROOT, stdio: 'inherit' });
}

const PREPARATIONS: { readonly [P in Platform]: () => void } = {
  linux: () => {
    installPackages('linux');
    buildStandIns('linux');
  },
  wine: () => {
    installPackages('wine');
    buildStandIns('windows');
    prepareWine();
    cpSync(BUILD, WINE_BUILD, { recursive: true });
  },
};

function obstacleTo(platform: Platform): string | undefined {
  try {
    PREPARATIONS[platform]();
    return undefined;
  } catch (error) {
    return `${platform} could not be prepared: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** @throws {Error} when the project itself does not compile */
export function prepare(columns: readonly Pick<Column, 'platform'>[]): Obstacles {
  compile();
  const platforms = new Set(columns.map(({ platform }) => platform));
  const wanted = (['linux', 'wine'] as const).filter((platform) => platforms.has(platform));
  const missing = wanted.length === 0 ? undefined : needSystemPackages(wanted);
  return Object.fromEntries(
    wanted.flatMap((platform) => {
      const why = missing?.[platform] ?? obstacleTo(platform);
      return why === undefined ? [] : [[platform, why]];
    }),
  );
}
