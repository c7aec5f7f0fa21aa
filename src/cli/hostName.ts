/** The kinds of hosts that a command can work on. */
export type HostName = 'simulated' | 'windows';

/** Which kind `--host` means. */
export const hostNameOf = (host: string): HostName => (host === 'windows' ? 'windows' : 'simulated');
