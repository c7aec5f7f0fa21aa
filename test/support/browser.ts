/** A page in a real browser, with an eye on what it must never do. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Why there are no tests in a browser here; undefined where there is one. */
export const WITHOUT_BROWSER =
  CHROMIUM === undefined ? 'no Chromium is installed: apt-get install chromium' : undefined;

export interface Looks {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
}

export interface Browser {
  open(url: string, looks?: Looks): Promise<WatchedPage>;
  close(): Promise<void>;
}

export interface WatchedPage {
  readonly page: Page;
  /** What it did that it must not: requests that leave loopback, errors, what the content policy refused. */
  readonly offences: readonly string[];
}

/** Runs in the page, before anything of it. */
const TELLS_REFUSALS = `addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
  policyRefused(violatedDirective + ' ' + blockedURI))`;

async function watch(page: Page): Promise<readonly string[]> {
  const offences: string[] = [];
  page.on('pageerror', (error) => offences.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) offences.push(`console: ${message.text()}`);
  });
  await page.route('**/*', async (route) => {
    const url = new URL(route.request().url());
    if (url.hostname === '127.0.0.1') return route.continue();
    offences.push(`request: ${url.href}`);
    return route.abort();
  });
  await page.exposeFunction('policyRefused', (what: string) => offences.push(`policy: ${what}`));
  await page.addInitScript({ content: TELLS_REFUSALS });
  return offences;
}

/** @throws when there is none: see {@link WITHOUT_BROWSER} */
export async function startBrowser(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error(WITHOUT_BROWSER);
  const profile = mkdtempSync(join(tmpdir(), 'slipway-chromium-'));
  const context: BrowserContext = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    headless: true,
    args: QUIET,
    reducedMotion: 'reduce',
  });
  return {
    open: async (url, { width = 1280, height = 900, scheme = 'light' } = {}) => {
      const page = await context.newPage();
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      const offences = await watch(page);
      await page.goto(url);
      return { page, offences };
    },
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Drops a file on the page, as somebody does who drags it there. */
export async function drop(page: Page, name: string, text: string): Promise<void> {
  const dragged = await page.evaluateHandle(
    `(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([${JSON.stringify(text)}], ${JSON.stringify(name)}));
      return transfer;
    })()`,
  );
  await page.dispatchEvent('html', 'drop', { dataTransfer: dragged });
}
