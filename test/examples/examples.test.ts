import { afterAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { startBrowser, WITHOUT_BROWSER } from '../support/browser.ts';
import { exampleCode, outputOf, type RunningProgram, startProgram } from '../support/programs.ts';

const LOG_LINE = z.looseObject({ container: z.string(), event: z.string() });

const running: RunningProgram[] = [];
afterAll(() => {
  for (const program of running) program.end();
});

test('subscribe-and-log tells of each create in lines of JSON: a retry, a failure with its hint, an end', async () => {
  const lines = (await outputOf(exampleCode('subscribe-and-log.ts')))
    .trim()
    .split('\n')
    .map((line) => LOG_LINE.parse(JSON.parse(line)));
  const of = (event: string) => lines.filter((line) => line.event === event);
  expect(of('step.retrying')).toMatchObject([{ step: 'mountingLayers', attempt: 2 }]);
  expect(of('step.failed')).toMatchObject([{ step: 'creatingComputeSystem', code: 'access-denied' }]);
  const [failed] = of('step.failed');
  expect(of('release.finished')).toMatchObject([{ container: failed?.container, purpose: 'rollback', residue: 0 }]);
  const [completed] = of('provision.completed');
  expect([failed?.container, completed?.container].sort()).toEqual(['web-1', 'web-2']);
});

test('retry-policy passes as a test of Node', async () => {
  const out = await outputOf(exampleCode('retry-policy.test.ts'));
  expect(out).toMatch(/^# pass 3$/m);
  expect(out).toMatch(/^# fail 0$/m);
});

/** The messages of a stream of server-sent events, until `isLast`. */
async function messagesUntil(url: string, isLast: (rows: readonly Row[]) => boolean): Promise<readonly Row[]> {
  const { body } = await fetch(new URL('events', url));
  let text = '';
  for await (const chunk of body ?? []) {
    text += new TextDecoder().decode(chunk);
    const [, last] = /.*^data: (.+)\n\n$/ms.exec(text) ?? [];
    const rows: readonly Row[] = last === undefined ? [] : Object(JSON.parse(last));
    if (isLast(rows)) return rows;
  }
  throw new Error(`the stream ended with ${text}`);
}

interface Row {
  readonly id: string;
  readonly status: string;
  readonly why: string;
}

async function urlOf(program: RunningProgram): Promise<string> {
  while (!program.out().includes('\n')) await new Promise((resolve) => setImmediate(resolve));
  return program.out().trim();
}

test('live-status serves a page that may run its own script alone, and tells where each container stands', async () => {
  const program = startProgram(exampleCode('live-status.ts'));
  running.push(program);
  const url = await urlOf(program);
  const page = await fetch(url);
  const policy = page.headers.get('content-security-policy') ?? '';
  const [, nonce = ''] = /script-src 'nonce-([\w-]+)'/.exec(policy) ?? [];
  expect(nonce).not.toBe('');
  expect(policy).toContain("default-src 'none'");
  const html = await page.text();
  expect(html).toContain(`<script nonce="${nonce}">`);
  expect(html).toContain('color-scheme: light dark');
  expect(html).not.toContain('innerHTML');

  const isAtRest = ({ status }: Row) => status === 'provisioned' || status === 'failed';
  const rows = await messagesUntil(url, (now) => now.length === 3 && now.every(isAtRest));
  expect(rows.map(({ status }) => status).sort()).toEqual(['failed', 'provisioned', 'provisioned']);
  expect(rows.find(({ status }) => status === 'failed')?.why).toContain('compute.create');
  expect((await fetch(new URL('elsewhere', url))).status).toBe(404);
});

const inBrowser = WITHOUT_BROWSER === undefined ? test : test.skip;
if (WITHOUT_BROWSER !== undefined) process.stdout.write(`not looked at in a browser: ${WITHOUT_BROWSER}\n`);

inBrowser('its page shows them, light and dark, and does nothing that its policy refuses', async () => {
  const program = startProgram(exampleCode('live-status.ts'));
  running.push(program);
  const browser = await startBrowser();
  try {
    for (const scheme of ['light', 'dark'] as const) {
      const { page, offences } = await browser.open(await urlOf(program), { width: 400, scheme });
      await page.getByText('live', { exact: true }).waitFor();
      await page.locator('tr.failed').waitFor();
      await page.locator('tr.provisioned').nth(1).waitFor();
      expect(await page.locator('tbody tr').count()).toBe(3);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(400);
      expect(offences).toEqual([]);
    }
  } finally {
    await browser.close();
  }
});
