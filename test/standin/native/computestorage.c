/* computestorage.dll: layers by their documents. Without disks of its own, the stand-in has no handles to them. */
#include "platform.h"

#define LAYER_FUNCTION(name, parameters, fields, ...) \
  EXPORT hresult name parameters;                     \
  EXPORT hresult name parameters {                    \
    FAIL_IF_INJECTED();                               \
    ASK(fields, __VA_ARGS__);                         \
  }

LAYER_FUNCTION(HcsImportLayer, (const wide *layer, const wide *source, const wide *data), "ttt", layer, source, data)
LAYER_FUNCTION(HcsExportLayer, (const wide *layer, const wide *folder, const wide *data, const wide *options), "tttt",
               layer, folder, data, options)
LAYER_FUNCTION(HcsExportLegacyWritableLayer,
               (const wide *mount, const wide *folder, const wide *target, const wide *data), "tttt", mount, folder,
               target, data)
LAYER_FUNCTION(HcsDestroyLayer, (const wide *layer), "t", layer)
LAYER_FUNCTION(HcsSetupBaseOSLayer, (const wide *layer, handle disk, const wide *options), "tnt", layer, disk, options)
LAYER_FUNCTION(HcsSetupBaseOSVolume, (const wide *layer, const wide *volume, const wide *options), "ttt", layer,
               volume, options)
LAYER_FUNCTION(HcsInitializeWritableLayer, (const wide *layer, const wide *data, const wide *options), "ttt", layer,
               data, options)
LAYER_FUNCTION(HcsInitializeLegacyWritableLayer,
               (const wide *mount, const wide *folder, const wide *data, const wide *options), "tttt", mount, folder,
               data, options)
LAYER_FUNCTION(HcsAttachLayerStorageFilter, (const wide *layer, const wide *data), "tt", layer, data)
LAYER_FUNCTION(HcsDetachLayerStorageFilter, (const wide *layer), "t", layer)
LAYER_FUNCTION(HcsAttachOverlayFilter, (const wide *volume, const wide *data), "tt", volume, data)
LAYER_FUNCTION(HcsDetachOverlayFilter, (const wide *volume, const wide *data), "tt", volume, data)
LAYER_FUNCTION(HcsFormatWritableLayerVhd, (handle disk), "n", disk)

EXPORT hresult HcsGetLayerVhdMountPath(handle disk, wide **path);
EXPORT hresult HcsGetLayerVhdMountPath(handle disk, wide **path) {
  struct reply reply;
  if (path == NULL) return BAD_POINTER;
  FAIL_IF_INJECTED();
  hresult code = ask(__func__, &reply, "n", disk);
  lock();
  hand_out(path, reply_text(&reply, 0), LOCAL_ALLOC);
  unlock();
  drop_reply(&reply);
  return code;
}
