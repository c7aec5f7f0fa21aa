/** How soon the page of the inspector answers a click while many provisions move. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { createProvisioner, startInspector } from 'slipway';
import { simulatedHost } from 'slipway/testing';
import { type Browser, startBrowser } from '../test/support/browser.ts';
import { type Benchmark, type Budget, inUnit, median, type Row } from './measure.ts';
import { WEB_HOST, webRequest } from './web.ts';

const PROVISIONS = 50;
/** With this, a create tells of about 20 events a second. */
const CALL_MS = 120;
const CLICKS = 60;
/** Chromium tells of no event that took less. */
const LEAST_MS = 16;
const BETWEEN_MS = 120;

/** Runs in the page: from the input to the next paint, as the browser itself measures it. */
const OBSERVE = `globalThis.clickObserver?.disconnect();
globalThis.clicks = [];
globalThis.clickObserver = new PerformanceObserver((list) => {
  for (const { name, duration } of list.getEntries()) if (name === 'click') clicks.push(duration);
});
clickObserver.observe({ type: 'event', durationThreshold: ${LEAST_MS} });`;

/** Creates and releases one container after the other, until it is told to stop. */
async function keepMoving(count: number, signal: AbortSignal): Promise<{ url: string; end: () => Promise<void> }> {
  const host = simulatedHost({ ...WEB_HOST, latencies: CALL_MS });
  const provisioner = await createProvisioner({ host });
  const inspector = await startInspector({ provisioner });
  const move = async (n: number): Promise<void> => {
    while (!signal.aborted) {
      const { container } = await provisioner.create(webRequest(n)).result;
      await container.release();
    }
  };
  const moving = Promise.all(Array.from({ length: count }, (_, n) => move(n)));
  const end = async (): Promise<void> => {
    await moving;
    await inspector.close();
  };
  return { url: inspector.url, end };
}

async function clickTimes(page: Page, selector: string, samples: number): Promise<readonly number[]> {
  await page.evaluate(OBSERVE);
  for (let n = 0; n < samples; n += 1) {
    const targets = page.locator(selector);
    await targets.nth((n * 7) % (await targets.count())).click({ force: true });
    await pause(BETWEEN_MS);
  }
  const told: number[] = await page.evaluate('clicks');
  return [...told, ...Array.from({ length: Math.max(0, samples - told.length) }, () => LEAST_MS)];
}

function rowOf(name: string, times: readonly number[]): Row {
  const sorted = [...times].sort((a, b) => a - b);
  const p95 = sorted[Math.floor((sorted.length - 1) * 0.95)] ?? 0;
  const figures = inUnit({ median: median(sorted), p95, max: sorted.at(-1) ?? 0 }, 'ms');
  return { name, figures: { ...figures, samples: sorted.length } };
}

async function clicksIn(browser: Browser, url: string, samples: number): Promise<readonly Row[]> {
  const { page } = await browser.open(url);
  await page.locator('.run').nth(2).waitFor();
  await page.locator('.run').first().click();
  await page.locator('[role="tab"]').first().waitFor();
  return [
    rowOf('choose another provision', await clickTimes(page, '.run:visible', samples)),
    rowOf('switch to another view', await clickTimes(page, '[role="tab"]', samples)),
  ];
}

async function run({ slowness }: Budget): Promise<readonly Row[]> {
  const isFull = slowness === 1;
  const stop = new AbortController();
  const [browser, moving] = await Promise.all([startBrowser(), keepMoving(isFull ? PROVISIONS : 3, stop.signal)]);
  try {
    return await clicksIn(browser, moving.url, isFull ? CLICKS : 2);
  } finally {
    await browser.close();
    stop.abort();
    await moving.end();
  }
}

export const page: Benchmark = {
  name: 'page',
  title: 'A click on the page of the inspector, to the next paint, while 50 provisions move',
  run,
};
