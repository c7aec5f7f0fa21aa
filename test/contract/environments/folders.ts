/** Where the contract keeps what it builds and installs: all of it can be deleted. */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
export const CONTRACT = join(ROOT, '.contract');
/** What columns on Linux run. */
export const BUILD = join(CONTRACT, 'build');
/** What columns under Wine run, beside the packages that they find first. */
export const WINE_BUILD = join(CONTRACT, 'wine', 'build');

export const packagesOf = (platform: 'linux' | 'wine'): string => join(CONTRACT, platform);
