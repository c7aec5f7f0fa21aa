/** What HCS is told to do with a resource of a running system. */
export type ModifyVerb = 'Add' | 'Remove' | 'Update';

/** The half of a request that the guest carries out. */
export interface GuestRequest {
  readonly RequestType: ModifyVerb;
  /** Absent only when a NIC is taken from a Windows guest: HCS wants it so. */
  readonly ResourceType?: string;
  readonly Settings: object;
}

/** One HcsModifyComputeSystem. Without a `ResourcePath` the request concerns the guest alone. */
export interface ModifySettingRequest {
  readonly ResourcePath?: string;
  readonly RequestType?: ModifyVerb;
  /** A number where the path names one: Container/Memory/SizeInMB. */
  readonly Settings?: object | number;
  readonly GuestRequest?: GuestRequest;
}

/** What the host does of a request; undefined when it concerns the guest alone. */
export function hostHalf({ GuestRequest: _, ...host }: ModifySettingRequest): ModifySettingRequest | undefined {
  return host.ResourcePath === undefined ? undefined : host;
}

/** What the guest does of a request; undefined when it concerns the host alone. */
export function guestHalf(request: ModifySettingRequest): GuestRequest | undefined {
  return request.GuestRequest;
}
