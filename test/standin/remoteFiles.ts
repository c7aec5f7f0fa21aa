import type { FilesPort } from '../../src/hcs/port.ts';
import type { Ask } from './controlConnection.ts';

/** The files of the host behind the service. An intent crosses over as its resource. */
export function remoteFiles(ask: Ask): FilesPort {
  return {
    stat: (path) => ask('files.stat', path),
    read: (path) => ask('files.read', path),
    size: (path) => ask('files.size', path),
    readBytes: async (path, offset, length) => {
      const base64: string = await ask('files.readBytes', path, offset, length);
      return Uint8Array.from(Buffer.from(base64, 'base64'));
    },
    copy: ({ resource }, from) => ask('files.copy', resource, from),
    resolve: (path) => ask('files.resolve', path),
    createFolder: ({ resource }) => ask('files.createFolder', resource),
    removeFolder: (path) => ask('files.removeFolder', path),
    removeFile: (path) => ask('files.removeFile', path),
  };
}
