import assert from 'node:assert/strict';
import { intend } from '../../support/intents.ts';
import { type HostUnderTest, suite } from '../claim.ts';
import { outcomesOf, refused } from '../expect.ts';
import { TEXT } from '../world.ts';

const at = ({ folder }: HostUnderTest, name: string): string => `${folder}\\${name}`;

const copy = (on: HostUnderTest, from: string, to: string): Promise<void> =>
  on.host.files.copy(intend({ kind: 'vmFile', path: at(on, to) }), at(on, from));

const createFolder = (on: HostUnderTest, name: string, made = name): Promise<void> =>
  on.host.files.createFolder(intend({ kind: 'scratchFolder', path: at(on, name), made: at(on, made) }));

const bytesOf = async (on: HostUnderTest, offset: number, length: number): Promise<string> =>
  Buffer.from(await on.host.files.readBytes(at(on, 'bytes.bin'), offset, length)).toString();

export const FILES = suite('files', [
  [
    'a path is a file, a folder or nothing, in whatever case and with whatever slashes',
    ['files'],
    async (on) => {
      const stat = (name: string) => on.host.files.stat(at(on, name));
      assert.deepEqual(
        await Promise.all(
          ['text.txt', 'TEXT.TXT', 'Data', 'data\\', 'Data\\inner.txt', 'none', 'none\\none'].map(stat),
        ),
        ['file', 'file', 'directory', 'directory', 'file', 'missing', 'missing'],
      );
      assert.equal(await on.host.files.stat(at(on, 'Data/inner.txt')), 'file');
    },
  ],
  [
    'text is read as it was written',
    ['files'],
    async (on) => {
      assert.equal(await on.host.files.read(at(on, 'text.txt')), TEXT);
      assert.equal(await on.host.files.read(at(on, 'empty.txt')), '');
      await refused('files.read', on.host.files.read(at(on, 'none.txt')), 'ERROR_FILE_NOT_FOUND');
    },
  ],
  [
    'a size is in bytes',
    ['files'],
    async (on) => {
      assert.equal(await on.host.files.size(at(on, 'text.txt')), Buffer.byteLength(TEXT));
      assert.equal(await on.host.files.size(at(on, 'empty.txt')), 0);
      await refused('files.size', on.host.files.size(at(on, 'none.txt')), 'ERROR_FILE_NOT_FOUND');
    },
  ],
  [
    'bytes are read from anywhere, and fewer at the end',
    ['files'],
    async (on) => {
      assert.deepEqual(
        [await bytesOf(on, 0, 10), await bytesOf(on, 3, 4), await bytesOf(on, 8, 10), await bytesOf(on, 10, 1)],
        ['0123456789', '3456', '89', ''],
      );
      await refused('files.readBytes', on.host.files.readBytes(at(on, 'none'), 0, 1), 'ERROR_FILE_NOT_FOUND');
    },
  ],
  [
    'a file is copied whole, to a place that is free',
    ['files'],
    async (on) => {
      await copy(on, 'text.txt', 'vacant\\copy.txt');
      assert.equal(await on.host.files.read(at(on, 'vacant\\copy.txt')), TEXT);
      await refused('files.copy', copy(on, 'bytes.bin', 'vacant\\copy.txt'), 'ERROR_FILE_EXISTS');
      assert.equal(await on.host.files.read(at(on, 'vacant\\copy.txt')), TEXT);
      await on.host.files.removeFile(at(on, 'vacant\\copy.txt'));
    },
  ],
  [
    'nothing comes of a copy of nothing, of a folder, or to nowhere',
    ['files'],
    async (on) => {
      await refused('files.copy', copy(on, 'none.txt', 'copy.txt'), 'ERROR_FILE_NOT_FOUND');
      await refused('files.copy', copy(on, 'text.txt', 'none\\copy.txt'), 'ERROR_PATH_NOT_FOUND');
      await refused('files.copy', copy(on, 'Data', 'copy.txt'), 'ERROR_ACCESS_DENIED');
      assert.equal(await on.host.files.stat(at(on, 'copy.txt')), 'missing');
    },
  ],
  [
    'of several copies to one place at once, one is made',
    ['files'],
    async (on) => {
      const copies = Array.from({ length: 5 }, () => copy(on, 'text.txt', 'copy.txt'));
      const lost = Array.from({ length: 4 }, () => 'ERROR_FILE_EXISTS');
      assert.deepEqual(await outcomesOf(copies), [...lost, 'ok']);
      assert.equal(await on.host.files.read(at(on, 'copy.txt')), TEXT);
    },
  ],
  [
    'a folder is made with the missing ones above it, as far as was said',
    ['files'],
    async (on) => {
      await createFolder(on, 'a\\b\\c', 'a');
      assert.equal(await on.host.files.stat(at(on, 'a\\b\\c')), 'directory');
      await createFolder(on, 'a\\d');
      await refused('files.createFolder', createFolder(on, 'x\\y'), 'ERROR_PATH_NOT_FOUND');
      assert.equal(await on.host.files.stat(at(on, 'x')), 'missing');
    },
  ],
  [
    'a folder that is there is not made',
    ['files'],
    async (on) => {
      await refused('files.createFolder', createFolder(on, 'vacant'), 'ERROR_ALREADY_EXISTS');
      const made = [createFolder(on, 'new'), createFolder(on, 'new')];
      assert.deepEqual(await outcomesOf(made), ['ERROR_ALREADY_EXISTS', 'ok']);
    },
  ],
  [
    'an empty folder is removed, and no other',
    ['files'],
    async (on) => {
      const remove = (name: string) => on.host.files.removeFolder(at(on, name));
      await refused('files.removeFolder', remove('Data'), 'ERROR_DIR_NOT_EMPTY');
      assert.equal(await on.host.files.read(at(on, 'Data\\inner.txt')), 'inner');
      await remove('vacant');
      await refused('files.removeFolder', remove('vacant'), 'ERROR_PATH_NOT_FOUND', 'ERROR_FILE_NOT_FOUND');
    },
  ],
  [
    'a file is removed once',
    ['files'],
    async (on) => {
      const remove = () => on.host.files.removeFile(at(on, 'bytes.bin'));
      await remove();
      assert.equal(await on.host.files.stat(at(on, 'bytes.bin')), 'missing');
      await refused('files.removeFile', remove(), 'ERROR_FILE_NOT_FOUND');
    },
  ],
  [
    'a path is resolved to where it really lies, as it is spelled there',
    ['files'],
    async (on) => {
      const resolved = await on.host.files.resolve(at(on, 'data\\INNER.txt'));
      assert.ok(resolved.startsWith('\\\\?\\') && resolved.endsWith('\\Data\\inner.txt'), resolved);
      assert.equal(await on.host.files.resolve(at(on, 'Data\\inner.txt')), resolved);
      const none = on.host.files.resolve(at(on, 'none.txt'));
      await refused('files.resolve', none, 'ERROR_FILE_NOT_FOUND');
    },
  ],
]);
