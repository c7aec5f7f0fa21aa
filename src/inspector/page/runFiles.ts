import { choose } from './choosing.ts';
import { chosen, files, problem } from './state.ts';
import { readRunFile } from './teller.ts';

/** More than any run writes. */
const MOST_BYTES = 64 * 1024 * 1024;

function refuse(code: string, message: string, hint: string): void {
  chosen.value = null;
  problem.value = { code, message, hint };
}

/** Opens a run file; nothing of it leaves the browser. */
export async function openRunFile(file: File): Promise<void> {
  const name = `file: ${file.name}`;
  if (file.size > MOST_BYTES) return refuse('run-too-long', `${file.name} is too long.`, 'Open a run file of slipway.');
  const bytes = new Uint8Array(await file.arrayBuffer());
  try {
    const story = readRunFile(file.name, bytes);
    if (story === undefined) {
      return refuse(
        'run-file-empty',
        `${file.name} tells of no run.`,
        'Its process ended before it wrote what it was asked for.',
      );
    }
    files.value = new Map(files.value).set(name, story);
    choose(name);
  } catch (error) {
    refuse(
      'run-file-unreadable',
      error instanceof Error ? error.message : String(error),
      'Drop a run file of slipway.',
    );
  }
}
