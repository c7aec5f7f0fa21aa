import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { HostError } from '../../src/hcs/hostError.ts';
import { turnsWithin } from '../../src/hcs/native/blocking.ts';
import { windowsFiles } from '../../src/hcs/native/files.ts';
import { fileError } from '../../src/hcs/native/systemErrors.ts';
import type { FilesPort } from '../../src/hcs/port.ts';
import { intend } from '../support/intents.ts';
import { kernelOfThisPlatform } from './kernelOfThisPlatform.ts';

const at = { folder: '' };
let files: FilesPort;

beforeEach(async () => {
  at.folder = await realpath(await mkdtemp(join(tmpdir(), 'slipway-files-')));
  files = windowsFiles(kernelOfThisPlatform().libraries, turnsWithin(4).long);
});
afterEach(() => rm(at.folder, { recursive: true, force: true, maxRetries: 10 }));

const inFolder = (...names: string[]): string => join(at.folder, ...names);
const scratch = (path: string, made: string) => intend({ kind: 'scratchFolder', path, made });

/** The name of the code that a call fails with; 'done' when it does not. */
async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'done';
  } catch (error) {
    return error instanceof HostError ? `${error.failure.call} ${error.failure.name}` : String(error);
  }
}

describe('files', () => {
  test('are told apart from folders and from what is missing, through links', async () => {
    await writeFile(inFolder('file'), 'text');
    await symlink(inFolder('file'), inFolder('link'));
    await symlink(inFolder('nowhere'), inFolder('dangling'));
    const paths = [at.folder, inFolder('file'), inFolder('link'), inFolder('dangling'), inFolder('file', 'below')];
    expect(await Promise.all(paths.map((path) => files.stat(path)))).toEqual([
      'directory',
      'file',
      'file',
      'missing',
      'missing',
    ]);
  });

  test('are read whole and in parts', async () => {
    await writeFile(inFolder('file'), 'größe 10');
    expect(await files.read(inFolder('file'))).toBe('größe 10');
    expect(await files.size(inFolder('file'))).toBe(10);
    expect(Buffer.from(await files.readBytes(inFolder('file'), 8, 100)).toString()).toBe('10');
    expect(await files.readBytes(inFolder('file'), 100, 4)).toHaveLength(0);
  });

  test('that are missing are so in the words of Windows', async () => {
    const none = inFolder('none');
    expect(await codeOf(files.read(none))).toBe('files.read ERROR_FILE_NOT_FOUND');
    expect(await codeOf(files.size(none))).toBe('files.size ERROR_FILE_NOT_FOUND');
    expect(await codeOf(files.readBytes(none, 0, 1))).toBe('files.readBytes ERROR_FILE_NOT_FOUND');
    expect(await codeOf(files.removeFile(none))).toBe('files.removeFile ERROR_FILE_NOT_FOUND');
    expect(await codeOf(files.resolve(none))).toBe('files.resolve ERROR_FILE_NOT_FOUND');
  });

  test('a folder is not read as a file', async () => {
    expect(await codeOf(files.read(at.folder))).toBe('files.read ERROR_ACCESS_DENIED');
  });
});

describe('a copy', () => {
  const copy = (to: string, from: string) => files.copy(intend({ kind: 'vmFile', path: to }), from);

  test('is a file of its own', async () => {
    await writeFile(inFolder('a'), 'content');
    await copy(inFolder('b'), inFolder('a'));
    expect(await readFile(inFolder('b'), 'utf8')).toBe('content');
  });

  test('replaces nothing', async () => {
    await writeFile(inFolder('a'), 'new');
    await writeFile(inFolder('b'), 'old');
    expect(await codeOf(copy(inFolder('b'), inFolder('a')))).toBe('files.copy ERROR_FILE_EXISTS');
    expect(await readFile(inFolder('b'), 'utf8')).toBe('old');
  });

  test('says whether the file is missing, or the folder that it is to lie in', async () => {
    await writeFile(inFolder('a'), 'content');
    expect(await codeOf(copy(inFolder('b'), inFolder('none')))).toBe('files.copy ERROR_FILE_NOT_FOUND');
    expect(await codeOf(copy(inFolder('none', 'b'), inFolder('a')))).toBe('files.copy ERROR_PATH_NOT_FOUND');
  });

  test('is not made of a folder', async () => {
    await mkdir(inFolder('a'));
    expect(await codeOf(copy(inFolder('b'), inFolder('a')))).toMatch(/^files\.copy ERROR_/);
    expect(await readdir(at.folder)).toEqual(['a']);
  });
});

describe('a folder', () => {
  test('is made with those above it, down from the one that is made first', async () => {
    await files.createFolder(scratch(inFolder('a', 'b', 'c'), inFolder('a')));
    expect(await files.stat(inFolder('a', 'b', 'c'))).toBe('directory');
  });

  test('is not made where what it was to lie in has gone', async () => {
    const call = files.createFolder(scratch(inFolder('gone', 'a', 'b'), inFolder('gone', 'a')));
    expect(await codeOf(call)).toBe('files.createFolder ERROR_PATH_NOT_FOUND');
    expect(await readdir(at.folder)).toEqual([]);
  });

  test('may find those above it made meanwhile, but not itself', async () => {
    await mkdir(inFolder('a'));
    await files.createFolder(scratch(inFolder('a', 'b'), inFolder('a')));
    const again = files.createFolder(scratch(inFolder('a', 'b'), inFolder('a')));
    expect(await codeOf(again)).toBe('files.createFolder ERROR_ALREADY_EXISTS');
  });

  test('is removed when it is empty, and is a folder', async () => {
    await mkdir(inFolder('a'));
    await writeFile(inFolder('a', 'file'), '');
    expect(await codeOf(files.removeFolder(inFolder('a')))).toBe('files.removeFolder ERROR_DIR_NOT_EMPTY');
    expect(await codeOf(files.removeFolder(inFolder('a', 'file')))).toBe('files.removeFolder ERROR_PATH_NOT_FOUND');
    await files.removeFile(inFolder('a', 'file'));
    await files.removeFolder(inFolder('a'));
    expect(await codeOf(files.removeFolder(inFolder('a')))).toBe('files.removeFolder ERROR_PATH_NOT_FOUND');
  });
});

describe('the final path', () => {
  test('is on the volume that the links lead to, also of a folder', async () => {
    await mkdir(inFolder('real'));
    await symlink(inFolder('real'), inFolder('link'));
    const volume = kernelOfThisPlatform().volume;
    expect(await files.resolve(inFolder('link'))).toBe(`${volume}${inFolder('real').replaceAll('/', '\\')}`);
  });

  test('of what lies on a share is the path of the share', async () => {
    const host = kernelOfThisPlatform({ share: '\\\\?\\UNC\\server\\share' });
    files = windowsFiles(host.libraries, turnsWithin(4).long);
    expect(await files.resolve(at.folder)).toBe(`\\\\server\\share${at.folder.replaceAll('/', '\\')}`);
    expect(host.openHandles()).toBe(0);
  });

  test('leaves no handle open, whether there is one or not', async () => {
    const host = kernelOfThisPlatform({ nameless: true });
    files = windowsFiles(host.libraries, turnsWithin(4).long);
    expect(await codeOf(files.resolve(at.folder))).toBe('files.resolve ERROR_PATH_NOT_FOUND');
    expect(host.openHandles()).toBe(0);
  });
});

test.each([
  ['EBUSY', 'ERROR_SHARING_VIOLATION'],
  ['EPERM', 'ERROR_ACCESS_DENIED'],
  ['ENOSPC', 'ERROR_DISK_FULL'],
  ['EMFILE', 'ERROR_TOO_MANY_OPEN_FILES'],
  ['EROFS', 'ERROR_WRITE_PROTECT'],
  ['ENAMETOOLONG', 'ERROR_FILENAME_EXCED_RANGE'],
  ['EIO', 'ERROR_IO_DEVICE'],
  ['EWHATEVER', 'E_FAIL'],
])('%s of Node is %s', (code, name) => {
  const error = Object.assign(new Error(`${code}: why, open 'x'`), { code });
  expect(fileError('files.read', error).failure).toMatchObject({ name, detail: `${code}: why, open 'x'` });
});
