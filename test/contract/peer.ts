/** Another process on the host of the stand-in libraries: it creates a container and holds it until it is killed. */
import { parseArgs } from 'node:util';
import { containerId } from '../../src/domain/ids.ts';
import { windowsHost } from '../../src/hcs/native/windowsHost.ts';
import { standInsIn } from './hosts/standIn.ts';
import { containerDocument, containerIntent } from './world.ts';

const { values } = parseArgs({
  options: { libraries: { type: 'string' }, port: { type: 'string' }, id: { type: 'string' } },
});
process.env.SLIPWAY_STANDIN_PORT = values.port;
const host = windowsHost({ libraries: standInsIn(values.libraries ?? '') });
await host.compute.create(containerIntent(containerId(values.id ?? '')), containerDocument());
setInterval(() => {}, 60_000);
