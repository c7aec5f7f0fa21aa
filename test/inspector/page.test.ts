/** The page of the inspector in a real Chromium: live runs, the keyboard, widths, accessibility. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import axe from 'axe-core';
import { drop, WITHOUT_BROWSER } from '../support/browser.ts';
import { InspectedPages, says, VIEWS } from '../support/inspectedPage.ts';
import { failing, plainSpec, sceneOf, webSpec } from '../support/inspectedRuns.ts';

if (WITHOUT_BROWSER !== undefined) process.stdout.write(`skipped: the page: ${WITHOUT_BROWSER}\n`);
const describeInBrowser = WITHOUT_BROWSER === undefined ? describe : describe.skip;

const OVERFLOWS =
  '[...document.querySelectorAll("html, main")].map((element) => element.scrollWidth - element.clientWidth)';
const BROKEN_RULES =
  'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, ...nodes.map(({ target }) => target)].join(" ")))';

describeInBrowser('the page', () => {
  let pages: InspectedPages;
  beforeAll(async () => {
    pages = await InspectedPages.start();
  });
  afterAll(() => pages?.close());

  test('shows a run live, from its start to what its rollback leaves', async () => {
    const scene = await sceneOf();
    await pages.withPage({ provisioner: scene.provisioner }, async (page) => {
      await says(page, '.list', 'No provisions yet');
      scene.host.inject({ call: 'layers.prepare', when: 'never' });
      const provision = failing(scene);
      await page.locator('.run', { hasText: 'web-1' }).click();
      await says(page, '.summary[data-status="provisioning"] p.waiting', 'waits for layers.prepare');
      await page.locator('[data-state="allocating.mountingLayers"][data-standing="active"]').waitFor();
      scene.host.answerPending();
      await provision.result.catch(() => {});
      await says(page, '.summary[data-status="needsHands"] [data-figure="state"]', 'residue');
      await says(page, '[aria-label="Needs hands"] .run', 'web-1');
      await page.locator('[data-state="residue"][data-standing="active"]').waitFor();
      await says(page, '[data-stay="rollingBack"]', 'rollingBack');
      expect(page.url()).not.toContain('token');
    });
  });

  test('says what the container does that was created: since when it runs, and how it ended', async () => {
    const scene = await sceneOf();
    await pages.withPage({ provisioner: scene.provisioner }, async (page) => {
      const { container } = await scene.provisioner.create({ id: 'web-1', spec: webSpec('web-1') }).result;
      await page.locator('.run', { hasText: 'web-1' }).click();
      await says(page, '.summary', 'provisioned');
      expect(await page.locator('[data-life]').count()).toBe(0);
      const { pid } = await container.start();
      await says(page, '[data-life="running"]', new RegExp(`the container runs.*pid ${pid}`));
      await container.shutdown({ timeoutMs: 0 });
      await says(page, '[data-life="stopped"]', /has stopped.*exit code/);
      await container.delete();
    });
  });

  test('keeps what is chosen and where the list stands while others begin; the filter narrows the list', async () => {
    const scene = await sceneOf();
    await pages.withPage({ provisioner: scene.provisioner }, async (page) => {
      const create = (id: string) => scene.provisioner.create({ id, spec: plainSpec(id) }).result;
      for (let n = 10; n < 40; n += 1) await create(`pod-${n}`);
      await page.locator('.run', { hasText: 'pod-13' }).click();
      await says(page, '.summary h1', 'pod-13');
      await page.evaluate('document.querySelector(".list-body").scrollTo(0, 500)');
      await create('pod-late');
      await page.locator('.run', { hasText: 'pod-late' }).waitFor({ state: 'attached' });
      expect(await page.locator('.summary h1').textContent()).toBe('pod-13');
      expect(await page.evaluate('document.querySelector(".list-body").scrollTop')).toBeGreaterThan(0);
      await page.keyboard.press('/');
      await page.keyboard.type('late');
      await page.locator('.run').nth(1).waitFor({ state: 'detached' });
      expect(await page.locator('.run-name').allInnerTexts()).toEqual(['pod-late']);
    });
  });

  test('is walked by keyboard alone', async () => {
    await pages.withRunFile(async (page) => {
      await drop(page, 'second.jsonl', pages.runFile.text);
      const isChosen = (name: string) => page.locator('[aria-current="true"]', { hasText: name }).waitFor();
      await isChosen('second.jsonl');
      await page.keyboard.press('k');
      await isChosen(pages.runFile.name);
      await page.keyboard.press('ArrowDown');
      await isChosen('second.jsonl');
      for (const [index, view] of VIEWS.entries()) {
        await page.keyboard.press(String(index + 1));
        await page.locator(`[role="tabpanel"][data-view="${view}"]`).waitFor();
      }
      await page.keyboard.press('ArrowRight');
      await page.locator('[data-view="statechart"]').waitFor();
      await page.keyboard.press('/');
      await page.locator('#filter:focus').waitFor();
      await page.keyboard.press('Escape');
      await page.keyboard.press('?');
      await page.locator('dialog[open]', { hasText: 'Keyboard' }).waitFor();
      await page.keyboard.press('Escape');
      await page.locator('dialog[open]').waitFor({ state: 'detached' });
      await page.keyboard.press('Tab');
      expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    });
  });

  test('is not wider than its window at 400 and at 1280', async () => {
    for (const width of [400, 1280]) {
      await pages.withRunFile(
        async (page) => {
          for (const [index, view] of VIEWS.entries()) {
            await page.keyboard.press(String(index + 1));
            await page.locator(`[data-view="${view}"]`).waitFor();
            expect([width, view, await page.evaluate(OVERFLOWS)]).toEqual([width, view, [0, 0]]);
          }
        },
        { width },
      );
    }
  });

  test.each(['light', 'dark'] as const)(
    'breaks no rule of accessibility that a program can find, %s',
    async (scheme) => {
      await pages.withRunFile(
        async (page) => {
          await page.evaluate(axe.source);
          for (const [index, view] of VIEWS.entries()) {
            await page.keyboard.press(String(index + 1));
            await page.locator(`[data-view="${view}"]`).waitFor();
            expect([view, await page.evaluate(BROKEN_RULES)]).toEqual([view, []]);
          }
        },
        { scheme },
      );
    },
    180_000,
  );
});
