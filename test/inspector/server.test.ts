import { connect } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createProvisioner, type InspectedProvisioner, type Inspector, startInspector } from '../../src/index.ts';
import { storyOf } from '../../src/inspector/story/storyBuilder.ts';
import { simulatedHost } from '../../src/testing/index.ts';
import { ask, Looker, tokenOf, until } from '../support/inspecting.ts';
import { faultOf, fullRequest, hostOptions, plainSpec } from '../support/requests.ts';

const opened: Array<Pick<Inspector, 'close'>> = [];
const lookers: Looker[] = [];

afterEach(async () => {
  for (const looker of lookers.splice(0)) looker.leave();
  for (const one of opened.splice(0)) await one.close();
});

async function inspected(latencies = 0) {
  const host = simulatedHost({ ...hostOptions(), latencies });
  const provisioner: InspectedProvisioner = await createProvisioner({ host, inspect: true });
  opened.push(provisioner);
  return { host, provisioner, url: provisioner.inspector.url };
}

async function look(url: string, run?: string): Promise<Looker> {
  const looker = await Looker.at(url, run);
  lookers.push(looker);
  return looker;
}

describe('who is not let in', () => {
  const PATHS = ['/', '/page.js', '/api/stream', '/api/stream?run=1', '/../../etc/passwd', '/%2e%2e/x'];

  test.each(PATHS)('%s without the token, with a wrong one, from another host or another page: 403', async (path) => {
    const { url } = await inspected();
    const place = new URL(path, url).href;
    const authorization = `Bearer ${tokenOf(url)}`;
    const { host, port } = new URL(url);
    const refused = [
      {},
      { authorization: `${authorization}x` },
      { authorization: 'Bearer ' },
      { cookie: `slipway-${port}=guess` },
      { authorization, host: `evil.example:${port}` },
      { authorization, host: '127.0.0.1' },
      { authorization, origin: 'http://evil.example' },
      { authorization, origin: 'null' },
      { authorization, host, origin: `https://${host}` },
    ];
    for (const headers of refused) {
      const answer = await ask(place, headers as Record<string, string>);
      expect({ headers, status: answer.status }).toEqual({ headers, status: 403 });
      expect(answer.headers['set-cookie']).toBeUndefined();
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  test('the token counts in the query of the page alone', async () => {
    const { url } = await inspected();
    expect((await ask(new URL(`/api/stream?token=${tokenOf(url)}`, url).href)).status).toBe(403);
  });

  test('nothing can be changed', async () => {
    const { url } = await inspected();
    const headers = { authorization: `Bearer ${tokenOf(url)}` };
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect((await ask(url, headers, method)).status).toBe(405);
  });

  test('it listens on loopback alone', async () => {
    const { url } = await inspected();
    expect(new URL(url).hostname).toBe('127.0.0.1');
    const { networkInterfaces } = await import('node:os');
    const others = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
    for (const { address } of others.filter(({ internal, family }) => !internal && family === 'IPv4')) {
      const reached = await new Promise<boolean>((resolve) => {
        const socket = connect({ host: address, port: Number(new URL(url).port) });
        socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
      });
      expect(reached).toBe(false);
    }
  });
});

describe('what the page is allowed', () => {
  test('only what comes from here, without inline code, and no frame around it', async () => {
    const { url } = await inspected();
    const { headers } = await ask(url);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
    });
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|http|data:/);
  });

  test('there is no more than the files of the page', async () => {
    const { url } = await inspected();
    const headers = { authorization: `Bearer ${tokenOf(url)}` };
    for (const path of ['/package.json', '/page/', '/%2e%2e%2fserver%2fguard.js', '/constructor']) {
      expect((await ask(new URL(path, url).href, headers)).status).toBe(404);
    }
  });

  test('more than 32 who look at a time are told to wait', async () => {
    const { url } = await inspected();
    for (let n = 0; n < 32; n += 1) await look(url);
    const headers = { authorization: `Bearer ${tokenOf(url)}` };
    expect(await ask(new URL('/api/stream', url).href, headers)).toMatchObject({ status: 503 });
    lookers.pop()?.leave();
    await until(
      async () =>
        (await Looker.at(url).then(
          (one) => lookers.push(one),
          () => 0,
        )) > 0,
    );
  });
});

describe('what one who looks is told', () => {
  test('a run live, from its first line to its end, and where it stands in the list', async () => {
    const { host, provisioner, url } = await inspected(2);
    host.inject({ call: 'compute.create', when: 'before' });
    const provision = provisioner.create(fullRequest());
    const looker = await look(url, provision.id);
    await faultOf(provision.result);
    await until(() => looker.runs[0]?.status === 'failed' && storyOf(looker.lines)?.status === 'failed');
    expect(looker.runs).toMatchObject([
      { id: provision.id, systemId: 'web-1', kind: 'container', onHost: 0, fault: { step: 'creatingComputeSystem' } },
    ]);
    const story = storyOf(looker.lines);
    expect(story?.failure?.host?.name).toBe('ERROR_ACCESS_DENIED');
    expect(story?.steps.map(({ status }) => status)).toEqual(provision.state.steps.map(({ status }) => status));
    expect(story?.visits[0]?.path).toBe('initializing.inTime');
  });

  test('who comes late is told all the same', async () => {
    const { provisioner, url } = await inspected();
    const provision = provisioner.create(fullRequest());
    await provision.result;
    const early = await look(url, provision.id);
    await until(() => storyOf(early.lines)?.status === 'provisioned');
    const late = await look(url, provision.id);
    await until(() => late.lines.length === early.lines.length);
    expect(late.lines).toEqual(early.lines);
  });

  test('the lines of the run that it looks at, and of no other', async () => {
    const { provisioner, url } = await inspected();
    const first = provisioner.create({ id: 'a', spec: plainSpec('C:\\scratch\\a') });
    const second = provisioner.create({ id: 'b', spec: plainSpec('C:\\scratch\\b') });
    const looker = await look(url, first.id);
    const nobody = await look(url);
    await Promise.all([first.result, second.result]);
    await until(() => storyOf(looker.lines)?.status === 'provisioned' && nobody.runs.length === 2);
    expect(looker.messages.some((message) => message.type === 'lines' && message.run !== first.id)).toBe(false);
    expect(nobody.messages.some((message) => message.type === 'lines')).toBe(false);
  });

  test('that there is no such run, until there is', async () => {
    const { url } = await inspected();
    const looker = await look(url, 'unknown');
    await until(() => looker.messages.some((message) => message.type === 'problem'));
    expect(looker.messages).toContainEqual(expect.objectContaining({ type: 'problem', code: 'run-unknown' }));
  });
});

test('a port that is taken is an error that says so', async () => {
  const { url } = await inspected();
  const port = Number(new URL(url).port);
  await expect(startInspector({ port })).rejects.toMatchObject({
    code: 'inspector-port-taken',
    hint: expect.any(String),
  });
});

test('closing the provisioner closes the page, and those who look are let go', async () => {
  const { provisioner, url } = await inspected();
  await look(url);
  await provisioner.close();
  opened.splice(0);
  await expect(ask(url)).rejects.toThrow(/ECONNREFUSED/);
});
