/** The status page of the orchestrator in a real Chromium. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { type Service, startService } from '../../../examples/orchestrator/http/server.ts';
import type { Orchestrator } from '../../../examples/orchestrator/orchestrator.ts';
import { type Browser, type Looks, startBrowser, WITHOUT_BROWSER } from '../../support/browser.ts';
import { add, manifestOf, newScene, reaches, type Scene } from './scene.ts';

if (WITHOUT_BROWSER !== undefined) process.stdout.write(`skipped: the status page: ${WITHOUT_BROWSER}\n`);
const describeInBrowser = WITHOUT_BROWSER === undefined ? describe : describe.skip;

const BROKEN_RULES = 'axe.run().then(({ violations }) => violations.map(({ id }) => id))';
const OVERFLOW = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

describeInBrowser('the status page', () => {
  let browser: Browser;
  let scene: Scene;
  let orchestrator: Orchestrator;
  let service: Service;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    scene = newScene('flows');
    orchestrator = await scene.open();
    service = await startService(orchestrator, { port: 0 });
  });
  afterEach(async () => {
    await service.close();
    await scene.end();
  });

  /** The page, which must have done nothing that it must not when it has been looked at. */
  async function withPage(look: (page: Page) => Promise<void>, looks: Looks = {}): Promise<void> {
    const { page, offences } = await browser.open(service.url, looks);
    await look(page);
    expect(offences).toEqual([]);
    await page.close();
  }

  const card = (page: Page, id: string) => page.locator('.pod').filter({ has: page.getByText(id, { exact: true }) });
  const says = (page: Page, id: string, text: string | RegExp) =>
    card(page, id).filter({ hasText: text }).waitFor({ state: 'visible' });

  test('follows a pod from its coming to its going, and deletes it when it is told to', async () => {
    await withPage(async (page) => {
      await page.getByText('There are no pods').waitFor();
      await add(orchestrator, manifestOf('web'));
      await says(page, 'web', /running.*restart always.*pid \d+/s);
      expect(await page.locator('#connection').textContent()).toBe('live');
      expect(await page.locator('#counts').textContent()).toBe('1 running');
      await page.getByRole('button', { name: 'Delete web' }).click();
      await page.getByText('There are no pods').waitFor();
      expect(orchestrator.pods).toEqual([]);
    });
  });

  test('says why a pod does not run, what to do, and what the host said', async () => {
    scene.host.inject({ call: 'compute.create', when: 'before', every: true });
    await add(orchestrator, manifestOf('web', 'serve', 'never'));
    await reaches(orchestrator, 'web', 'failed');
    await withPage(async (page) => {
      await says(page, 'web', 'failed');
      await card(page, 'web').getByText('why: access-denied').click();
      await says(page, 'web', /to do.*step.*creatingComputeSystem.*ERROR_ACCESS_DENIED/s);
    });
  });

  test.each(['light', 'dark'] as const)('can be read by everybody, and on a phone (%s)', async (scheme) => {
    await add(orchestrator, manifestOf('web'));
    await add(orchestrator, manifestOf('job-of-a-rather-long-name', 'crash', 'never'));
    await add(orchestrator, manifestOf('lost', 'missing', 'never'));
    await reaches(orchestrator, 'job-of-a-rather-long-name', 'exited');
    await reaches(orchestrator, 'lost', 'failed');
    await withPage(
      async (page) => {
        await says(page, 'web', 'running');
        await page.evaluate(axe.source);
        expect(await page.evaluate(BROKEN_RULES)).toEqual([]);
        expect(await page.evaluate(OVERFLOW)).toBe(0);
      },
      { scheme, width: 320 },
    );
  });

  test('says when the orchestrator has gone', async () => {
    await add(orchestrator, manifestOf('web'));
    const { page } = await browser.open(service.url);
    await says(page, 'web', 'running');
    await service.close();
    await page.locator('#connection', { hasText: 'not connected' }).waitFor();
    await page.getByRole('button', { name: 'Delete web' }).click();
    await page.locator('#said', { hasText: 'does not answer' }).waitFor();
    await page.close();
  });
});
