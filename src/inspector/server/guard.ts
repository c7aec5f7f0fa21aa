/** Who may ask: somebody on this machine, with the token, from the page itself. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

export interface Refused {
  readonly status: number;
  /** A sentence for the person who asked. */
  readonly reason: string;
}

export interface Guard {
  /** Has to be in the query of the page. */
  readonly token: string;
  /** What gives the page the token for all that it asks later. */
  readonly cookie: string;
  /** undefined for a request that may be answered. */
  refuse(request: IncomingMessage, url: URL): Refused | undefined;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

function cookieNamed(name: string, { cookie = '' }: IncomingHttpHeaders): string | undefined {
  const pairs = cookie.split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([key]) => key === name)?.[1];
}

const bearerOf = ({ authorization = '' }: IncomingHttpHeaders): string | undefined =>
  authorization.startsWith('Bearer ') ? authorization.slice('Bearer '.length) : undefined;

/** For a server on this port of loopback. Cookies are shared between ports, so that the port is in the name. */
export function guardOf(port: number): Guard {
  const token = randomBytes(24).toString('base64url');
  const name = `slipway-${port}`;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const origins = hosts.map((host) => `http://${host}`);
  const expected = digest(token);
  const isToken = (given: string | null | undefined): boolean =>
    typeof given === 'string' && timingSafeEqual(digest(given), expected);

  return {
    token,
    cookie: `${name}=${token}; HttpOnly; SameSite=Strict; Path=/`,
    refuse: ({ headers, method }, url) => {
      // A name that somebody else's DNS leads here is not ours.
      if (!hosts.includes(headers.host ?? '')) return { status: 403, reason: 'This is not the name of the inspector.' };
      if (headers.origin !== undefined && !origins.includes(headers.origin)) {
        return { status: 403, reason: 'Only the page of the inspector may ask.' };
      }
      const inQuery = url.pathname === '/' ? url.searchParams.get('token') : null;
      if (![inQuery, bearerOf(headers), cookieNamed(name, headers)].some(isToken)) {
        return { status: 403, reason: 'Open the whole URL that was printed: the token is missing, or is an old one.' };
      }
      if (method !== 'GET' && method !== 'HEAD') return { status: 405, reason: 'There is nothing to change here.' };
      return undefined;
    },
  };
}
