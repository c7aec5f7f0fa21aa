/** Takes the pictures of the inspector that docs/ shows, of runs on a simulated host. */
import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { startInspector } from 'slipway';
import { type Browser, type Looks, startBrowser } from '../test/support/browser.ts';
import { failing, plainSpec, type Scene, sceneOf, webSpec } from '../test/support/inspectedRuns.ts';

const FOLDER = 'docs/pictures';

interface Picture extends Looks {
  readonly name: string;
  /** The key of the view; none for the list. */
  readonly view?: string;
  /** Pixels that the run is scrolled down. */
  readonly down?: number;
}

const PICTURES: readonly Picture[] = [
  { name: 'statechart-light', view: '1' },
  { name: 'statechart-dark', view: '1', scheme: 'dark' },
  { name: 'sequence-light', view: '2', down: 420 },
  { name: 'waterfall-dark', view: '3', scheme: 'dark', down: 420 },
  { name: 'ledger-light', view: '4', down: 420 },
  { name: 'document-dark', view: '5', scheme: 'dark' },
  { name: 'list-light-400', width: 400, height: 800 },
  { name: 'failure-dark-400', view: '1', scheme: 'dark', width: 400, height: 800 },
];

/** Some that are well, one that failed and left something, one that waits. */
async function play(scene: Scene): Promise<void> {
  const { host, provisioner } = scene;
  for (const id of ['cache-1', 'queue-1']) await provisioner.create({ id, spec: plainSpec(id) }).result;
  const held = provisioner.create({ id: 'api-2', spec: plainSpec('api-2'), keepOnFailure: true });
  const mend = host.inject({ call: 'compute.create', when: 'before', hresult: 0x80370109 });
  await held.result.catch(() => {});
  mend();
  await failing(scene).result.catch(() => {});
  host.inject({ call: 'compute.create', when: 'never' });
  provisioner.create({ id: 'api-1', spec: { ...webSpec('api-1'), windows: plainSpec('api-1').windows } });
}

async function take(browser: Browser, url: string, { name, view, down = 0, ...looks }: Picture): Promise<void> {
  const { page } = await browser.open(url, looks);
  const run = page.locator('.run', { hasText: 'web-1' });
  await run.waitFor();
  if (view !== undefined) await show(page, view, down);
  await page.screenshot({ path: `${FOLDER}/${name}.png` });
  await page.close();
}

async function show(page: Page, view: string, down: number): Promise<void> {
  await page.locator('.run', { hasText: 'web-1' }).click();
  await page.locator('[data-card="left"]', { hasText: 'could not be released' }).waitFor();
  await page.keyboard.press(view);
  await page.locator('.view').waitFor();
  await page.evaluate(`document.querySelector('main').scrollTo(0, ${down})`);
}

mkdirSync(FOLDER, { recursive: true });
const scene = await sceneOf({ latency: 12 });
const inspector = await startInspector({ provisioner: scene.provisioner });
const browser = await startBrowser();
await play(scene);
for (const picture of PICTURES) await take(browser, inspector.url, picture);
await browser.close();
await inspector.close();
process.stdout.write(`${PICTURES.length} pictures in ${FOLDER}\n`);
process.exit();
