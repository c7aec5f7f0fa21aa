/** What tests do with the page of the inspector. */
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { fileLedgerStore, type InspectorOptions, startInspector } from 'slipway';
import { type Browser, drop, type Looks, startBrowser } from './browser.ts';
import { failing, sceneOf } from './inspectedRuns.ts';
import { removeFolder } from './removeFolder.ts';

export const VIEWS = ['statechart', 'sequence', 'waterfall', 'ledger', 'document'] as const;

export interface RunFile {
  readonly name: string;
  readonly text: string;
}

/** The file of one run that failed and left residue. */
async function runFileWithResidue(latency = 5): Promise<RunFile> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-page-'));
  const scene = await sceneOf({ journal: fileLedgerStore(folder), latency });
  await failing(scene).result.catch(() => {});
  const [name = ''] = readdirSync(folder).filter((file) => file.endsWith('.jsonl'));
  const text = readFileSync(join(folder, name), 'utf8');
  await removeFolder(folder);
  return { name, text };
}

/** Waits until the page says it. */
export async function says(page: Page, selector: string, text: string | RegExp): Promise<void> {
  await page.locator(selector).filter({ hasText: text }).first().waitFor();
}

/** Pages of inspectors in one browser; each has to do without anything that it must not do. */
export class InspectedPages {
  readonly #browser: Browser;
  readonly runFile: RunFile;

  private constructor(browser: Browser, runFile: RunFile) {
    this.#browser = browser;
    this.runFile = runFile;
  }

  static async start(): Promise<InspectedPages> {
    const [browser, runFile] = await Promise.all([startBrowser(), runFileWithResidue()]);
    return new InspectedPages(browser, runFile);
  }

  close(): Promise<void> {
    return this.#browser.close();
  }

  async withPage(options: InspectorOptions, look: (page: Page) => Promise<void>, looks: Looks = {}): Promise<void> {
    const inspector = await startInspector(options);
    try {
      const { page, offences } = await this.#browser.open(inspector.url, looks);
      await look(page);
      expect(offences).toEqual([]);
      await page.close();
    } finally {
      await inspector.close();
    }
  }

  /** The run file was dropped on the page. */
  async withRunFile(look: (page: Page) => Promise<void>, looks: Looks = {}): Promise<void> {
    const dropped = async (page: Page): Promise<void> => {
      await drop(page, this.runFile.name, this.runFile.text);
      await says(page, '.summary h1', 'web-1');
      await look(page);
    };
    await this.withPage({}, dropped, looks);
  }
}
