/** Ids that the simulated host gives: the same for the same name, so that runs can be compared. */
import { v5 as uuidV5 } from 'uuid';

const derived = (what: string): string => uuidV5(what, uuidV5.DNS);

export const nameToGuid = (name: string): string => derived(name.toLowerCase());
export const runtimeId = (id: string): string => derived(`runtime:${id.toLowerCase()}`);
export const credentialCookie = (id: string): string => derived(`ccg:${id.toLowerCase()}`);
export const credentialService = (id: string): string => derived(`ccgsvc:${id.toLowerCase()}`);
export const layerVolume = (path: string): string => `\\\\?\\Volume{${derived(`volume:${path.toLowerCase()}`)}}`;
