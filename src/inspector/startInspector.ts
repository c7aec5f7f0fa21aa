import type { Inspector, InspectorOptions } from './server/inspector.ts';

/**
 * Serves a page that shows runs, to whoever on this machine has its URL. Its code is loaded when it is first asked for.
 * @throws {InspectorFailed}
 */
export async function startInspector(options: InspectorOptions): Promise<Inspector> {
  const server = await import('./server/inspector.ts');
  return server.startInspector(options);
}
