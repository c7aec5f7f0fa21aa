/** The dm-verity trailer of a Linux layer, as the guest wants it. */
export interface VerityInfo {
  readonly Ext4SizeInBytes?: number;
  readonly Version?: number;
  readonly Algorithm?: string;
  readonly SuperBlock?: boolean;
  readonly RootDigest?: string;
  readonly Salt?: string;
  readonly BlockSize?: number;
}
