/** The views of the inspector in a real Chromium, of a run file that was dropped on the page. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { drop, WITHOUT_BROWSER } from '../support/browser.ts';
import { InspectedPages, says } from '../support/inspectedPage.ts';

if (WITHOUT_BROWSER !== undefined) process.stdout.write(`skipped: views of the page: ${WITHOUT_BROWSER}\n`);
const describeInBrowser = WITHOUT_BROWSER === undefined ? describe : describe.skip;

describeInBrowser('the views of a run file that is dropped on the page', () => {
  let pages: InspectedPages;
  beforeAll(async () => {
    pages = await InspectedPages.start();
  });
  afterAll(() => pages?.close());

  test('say at a glance what failed, why, what is left and what to do', async () => {
    await pages.withRunFile(async (page) => {
      await says(page, '[data-card="what"]', /creatingComputeSystem\s*compute\.create/);
      await says(page, '[data-card="why"]', /0x8007000E ERROR_OUTOFMEMORY: the host is out of memory/);
      await says(page, '[data-card="why"]', 'the memory of the container cannot be committed');
      await says(page, '[data-card="left"]', /could not be released/);
      await says(page, '[data-card="left"] .bad', 'prepared layer C:\\scratch\\web-1');
      await says(page, '[data-card="do"]', 'slipway residue retry web-1');
      await says(page, '[data-step="creatingComputeSystem"].failed', 'failed');
    });
  });

  test('statechart: where it was, what was skipped, tried again and failed, and the way that it took', async () => {
    await pages.withRunFile(async (page) => {
      const standing = (state: string) => page.locator(`[data-state="${state}"]`).getAttribute('data-standing');
      expect(await standing('networking')).toBe('passed');
      expect(await standing('installingDrivers')).toBe('skipped');
      expect(await standing('creatingComputeSystem')).toBe('failed');
      expect(await standing('residue')).toBe('active');
      expect(await standing('provisioned')).toBe('never');
      await says(page, '[data-state="allocating.mountingLayers"].retried .note', '1× again');
      for (const arrow of [
        'documenting>creatingComputeSystem',
        'creatingComputeSystem>failing',
        'failing>rollingBack',
      ]) {
        await page.locator(`.arrow.taken[data-arrow="${arrow}"]`).waitFor({ state: 'attached' });
      }
      await says(page, '[data-stay="allocating.mountingLayers"] .note', 'ERROR_NOT_READY');
      await page.getByRole('button', { name: 'Every state' }).click();
      await page.locator('[data-state="allocating.mountingLayers.waitingToRetry"][data-standing="passed"]').waitFor();
    });
  });

  test('sequence: events and calls, codes in words', async () => {
    await pages.withRunFile(async (page) => {
      await page.keyboard.press('2');
      await says(page, '.happening.bad', /ERROR_OUTOFMEMORY.*the host is out of memory.*Free some memory/s);
      await says(page, '[data-kind="step"]', 'networking');
      await page.getByRole('button', { name: /^steps/ }).click();
      await page.locator('[data-kind="step"]').first().waitFor({ state: 'detached' });
      expect(await page.locator('[data-kind="call"]').count()).toBeGreaterThan(20);
    });
  });

  test('waterfall: steps and their calls on one axis', async () => {
    await pages.withRunFile(async (page) => {
      await page.keyboard.press('3');
      await says(page, '[data-bar="compute.create"].bad', 'ERROR_OUTOFMEMORY');
      await says(page, '[data-bar="installingDrivers"]', 'skipped');
      await says(page, '[data-bar="releasing"]', /s$/);
      const lefts: number[] = await page.evaluate(
        '[...document.querySelectorAll(".bar-row.whole:not([data-bar=releasing]) .bar")].map((bar) => bar.getBoundingClientRect().left)',
      );
      expect(lefts.length).toBeGreaterThan(5);
      expect(lefts).toEqual([...lefts].sort((a, b) => a - b));
    });
  });

  test('ledger: each resource from intended to released, what is left in red', async () => {
    await pages.withRunFile(async (page) => {
      await page.keyboard.press('4');
      const namespace = page.locator('[data-resource="namespace"][data-resource-state="released"]');
      const states = await namespace.locator('.history li').allInnerTexts();
      expect(states.map((text) => text.split(/\s/)[0])).toEqual(['intended', 'held', 'released']);
      const residue = page.locator('[data-resource="preparedLayer"][data-resource-state="residue"].bad');
      await residue.filter({ hasText: 'ERROR_SHARING_VIOLATION' }).waitFor();
    });
  });

  test('document: what was sent, as a tree and as text, without its secrets', async () => {
    await pages.withRunFile(async (page) => {
      await page.keyboard.press('5');
      await says(page, '.json-tree', 'HostName "web-1"');
      await page.getByRole('button', { name: 'text' }).click();
      expect(JSON.parse((await page.locator('.json-text').textContent()) ?? '')).toMatchObject({ Owner: 'slipway' });
      await page.getByRole('button', { name: 'request' }).click();
      await says(page, '.json-text', 'C:\\\\app\\\\server.exe');
      expect(await page.content()).not.toContain('hunter2');
    });
  });

  test('a file that cannot be read says why; one that was cut off is shown up to there', async () => {
    await pages.withPage({}, async (page) => {
      const { text } = pages.runFile;
      await drop(page, 'changed.jsonl', text.replace('networking', 'netw0rking'));
      await says(page, '[role="alert"]', /changed\.jsonl cannot be read: line \d+ is not as it was written/);
      await says(page, '[role="alert"]', 'run-file-unreadable');
      await drop(page, 'cut.jsonl', text.slice(0, -20));
      await says(page, '.summary h1', 'web-1');
    });
  });
});
