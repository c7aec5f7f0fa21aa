import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { map } from 'rxjs';
import { fullSpec, idle, setUp } from '../support/requests.ts';

const request = () => ({ id: 'web-1', spec: fullSpec() });

describe('strangers', () => {
  const warnings: string[] = [];
  beforeEach(() => {
    warnings.length = 0;
    jest.spyOn(process, 'emitWarning').mockImplementation((warning) => void warnings.push(String(warning)));
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  test('a subscriber that throws changes nothing, also behind operators', async () => {
    const { host, provisioner } = await setUp();
    const provision = provisioner.create(request());
    const boom = () => {
      throw new Error('boom');
    };
    provision.state$.subscribe(boom);
    provision.state$.pipe(map((state) => state.path)).subscribe({ next: boom, complete: boom });
    provision.events$.subscribe({ next: boom });
    provision.resources$.subscribe(boom);
    provisioner.provisions$.subscribe(boom);
    const seen: string[] = [];
    provision.state$.subscribe((state) => seen.push(state.status));
    await provision.result;
    await idle();
    expect(seen.at(-1)).toBe('provisioned');
    expect(host.snapshot()).toContain('computeSystem web-1');
    expect(warnings.some((warning) => warning.includes('boom'))).toBe(true);
  });

  test('an inspector that throws changes nothing; one that does not gets every state, without the request', async () => {
    const paths = new Set<string>();
    let calls = 0;
    const { provisioner } = await setUp(
      {},
      {
        inspect: (transition) => {
          calls += 1;
          if (transition.type === '@xstate.snapshot' && 'value' in transition.snapshot) {
            paths.add(JSON.stringify(transition.snapshot.value));
          }
          expect(JSON.stringify(transition)).not.toContain('of the account');
          if (calls % 2 === 0) throw new Error('inspector is broken');
        },
      },
    );
    const { container } = await provisioner.create(request()).result;
    await container.release();
    await idle();
    expect(paths).toContain('{"allocating":{"mountingLayers":{"preparing":"inTime"}}}');
    expect(warnings.some((warning) => warning.includes('inspector is broken'))).toBe(true);
  });
});
