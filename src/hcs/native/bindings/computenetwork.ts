/**
 * computenetwork.dll (HCN): an HRESULT each; ids are addresses of GUIDs. The last `bytes` is where the ErrorRecord goes,
 * which like every string of this library is freed with CoTaskMemFree.
 */
import { type Declarations, native } from '../ffi/declaring.ts';

const enumerate = native('i32', 'bytes', 'bytes', 'bytes');
const create = native('i32', 'bytes', 'bytes', 'bytes', 'bytes');
const open = native('i32', 'bytes', 'bytes', 'bytes');
const modify = native('i32', 'u64', 'bytes', 'bytes');
const query = native('i32', 'u64', 'bytes', 'bytes', 'bytes');
const remove = native('i32', 'bytes', 'bytes');
const close = native('i32', 'u64');

export const COMPUTENETWORK = {
  HcnEnumerateNamespaces: enumerate,
  HcnCreateNamespace: create,
  HcnOpenNamespace: open,
  HcnModifyNamespace: modify,
  HcnQueryNamespaceProperties: query,
  HcnDeleteNamespace: remove,
  HcnCloseNamespace: close,
  HcnEnumerateEndpoints: enumerate,
  HcnCreateEndpoint: native('i32', 'u64', 'bytes', 'bytes', 'bytes', 'bytes'),
  HcnOpenEndpoint: open,
  HcnModifyEndpoint: modify,
  HcnQueryEndpointProperties: query,
  HcnDeleteEndpoint: remove,
  HcnCloseEndpoint: close,
  HcnEnumerateNetworks: enumerate,
  HcnCreateNetwork: create,
  HcnOpenNetwork: open,
  HcnModifyNetwork: modify,
  HcnQueryNetworkProperties: query,
  HcnDeleteNetwork: remove,
  HcnCloseNetwork: close,
} as const satisfies Declarations;
