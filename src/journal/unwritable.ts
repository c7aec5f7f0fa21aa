import { systemCodeOf } from '../hcs/systemError.ts';

const REASONS: Readonly<Record<string, { readonly reason: string; readonly hint: string }>> = {
  ENOSPC: { reason: 'the disk is full', hint: 'Make room on it.' },
  EDQUOT: { reason: 'the quota of the disk is used up', hint: 'Make room on it, or raise the quota.' },
  EFBIG: {
    reason: 'a file may not become so large',
    hint: 'Raise the limit of file sizes of this process (ulimit -f).',
  },
  EROFS: { reason: 'the file system is read-only', hint: 'Mount it writable, or keep the runs elsewhere.' },
  EACCES: {
    reason: 'permission is denied',
    hint: 'Give this account the right to write there, or keep the runs elsewhere.',
  },
  EPERM: {
    reason: 'permission is denied',
    hint: 'Give this account the right to write there, or keep the runs elsewhere.',
  },
  ENOTDIR: { reason: 'what it should lie in is no folder', hint: 'Keep the runs elsewhere.' },
  EMFILE: { reason: 'this process has too many files open', hint: 'Raise the limit of open files (ulimit -n).' },
};

/** The journal takes no line: nothing is acquired that it does not know of. */
export class JournalUnwritable extends Error {
  override readonly name = 'JournalUnwritable';
  readonly code = 'journal-unwritable';
  readonly file: string;
  readonly hint: string;

  constructor(file: string, reason: string, hint: string, cause?: unknown) {
    super(`the journal cannot be written: ${file}: ${reason}`, { cause });
    this.file = file;
    this.hint = hint;
  }
}

/** An error of node:fs in the words of the journal. */
export function unwritable(file: string, error: unknown): JournalUnwritable {
  if (error instanceof JournalUnwritable) return error;
  const { reason, hint } = REASONS[systemCodeOf(error) ?? ''] ?? {
    reason: error instanceof Error ? error.message : String(error),
    hint: 'Mend it, or keep the runs elsewhere.',
  };
  return new JournalUnwritable(file, reason, hint, error);
}
