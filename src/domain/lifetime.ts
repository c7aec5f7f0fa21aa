/** `process`: what was made ends when the last handle to it closes. `host`: it outlives the process that made it. */
export type Lifetime = 'process' | 'host';
