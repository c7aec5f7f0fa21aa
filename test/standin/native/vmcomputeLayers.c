/* vmcompute.dll: layers as folders. */
#include <stdlib.h>
#include <string.h>

#include "platform.h"

/* DriverInfo: 1 is the driver of filtered layers; the home folder is empty when layers are named by whole paths. */
struct driver {
  int32_t flavour;
  const wide *home;
};

/* WC_LAYER_DESCRIPTOR */
struct descriptor {
  uint8_t id[16];
  uint32_t flags;
  const wide *path;
};

#define FILTER_DRIVER 1

static bool is_known(const struct driver *driver) { return driver != NULL && driver->flavour == FILTER_DRIVER; }

/* One text for the service: an id, a bar, a path and a line end for each parent. The caller frees it. */
static wide *parents_text(const struct descriptor *descriptors, uint64_t count) {
  size_t length = 1;
  for (uint64_t index = 0; index < count; index++) length += GUID_LENGTH + 1 + wide_length(descriptors[index].path);
  wide *text = malloc(length * sizeof *text);
  if (text == NULL) abort();
  wide *at = text;
  for (uint64_t index = 0; index < count; index++) {
    size_t path = wide_length(descriptors[index].path);
    guid_text(descriptors[index].id, at);
    at += GUID_LENGTH - 1;
    *at++ = '|';
    memcpy(at, descriptors[index].path, path * sizeof *at);
    at += path;
    *at++ = '\n';
  }
  *at = 0;
  return text;
}

static hresult with_parents(const char *function, const struct driver *driver, const wide *path,
                            const struct descriptor *descriptors, uint64_t count) {
  struct reply reply;
  hresult injected = injected_failure(function);
  if (injected != OK) return injected;
  if (!is_known(driver) || path == NULL || (count > 0 && descriptors == NULL)) return BAD_ARGUMENT;
  wide *parents = parents_text(descriptors, count);
  hresult code = ask(function, &reply, "tt", path, parents);
  drop_reply(&reply);
  free(parents);
  return code;
}

static hresult of_layer(const char *function, const struct driver *driver, const wide *path) {
  struct reply reply;
  hresult injected = injected_failure(function);
  if (injected != OK) return injected;
  if (!is_known(driver) || path == NULL) return BAD_ARGUMENT;
  hresult code = ask(function, &reply, "t", path);
  drop_reply(&reply);
  return code;
}

EXPORT hresult CreateSandboxLayer(const struct driver *driver, const wide *path, uint64_t parent,
                                  const struct descriptor *descriptors, uint64_t count);
EXPORT hresult CreateSandboxLayer(const struct driver *driver, const wide *path, uint64_t parent,
                                  const struct descriptor *descriptors, uint64_t count) {
  (void)parent;
  return with_parents(__func__, driver, path, descriptors, count);
}

EXPORT hresult PrepareLayer(const struct driver *driver, const wide *path, const struct descriptor *descriptors,
                            uint64_t count);
EXPORT hresult PrepareLayer(const struct driver *driver, const wide *path, const struct descriptor *descriptors,
                            uint64_t count) {
  return with_parents(__func__, driver, path, descriptors, count);
}

#define LAYER_FUNCTION(name)                                                                                \
  EXPORT hresult name(const struct driver *driver, const wide *path);                                       \
  EXPORT hresult name(const struct driver *driver, const wide *path) { return of_layer(__func__, driver, path); }

LAYER_FUNCTION(ActivateLayer)
LAYER_FUNCTION(DeactivateLayer)
LAYER_FUNCTION(UnprepareLayer)
LAYER_FUNCTION(DestroyLayer)

EXPORT hresult LayerExists(const struct driver *driver, const wide *path, uint32_t *exists);
EXPORT hresult LayerExists(const struct driver *driver, const wide *path, uint32_t *exists) {
  struct reply reply;
  FAIL_IF_INJECTED();
  if (!is_known(driver) || path == NULL || exists == NULL) return BAD_ARGUMENT;
  hresult code = ask(__func__, &reply, "t", path);
  *exists = (uint32_t)reply_number(&reply, 0);
  drop_reply(&reply);
  return code;
}

/* Without a buffer it says how long the path is, with its NUL; 0 when there is none. */
EXPORT hresult GetLayerMountPath(const struct driver *driver, const wide *path, uint64_t *length, wide *buffer);
EXPORT hresult GetLayerMountPath(const struct driver *driver, const wide *path, uint64_t *length, wide *buffer) {
  struct reply reply;
  FAIL_IF_INJECTED();
  if (!is_known(driver) || path == NULL || length == NULL) return BAD_ARGUMENT;
  hresult code = ask(__func__, &reply, "tn", path, (uint64_t)(buffer != NULL));
  const wide *mounted = FAILED(code) ? NULL : reply_text(&reply, 0);
  uint64_t needed = mounted == NULL || *mounted == 0 ? 0 : wide_length(mounted) + 1;
  if (!FAILED(code) && buffer != NULL && *length < needed) code = BUFFER_TOO_SMALL;
  else if (buffer != NULL && needed > 0) memcpy(buffer, mounted, needed * sizeof *buffer);
  *length = needed;
  drop_reply(&reply);
  return code;
}

EXPORT hresult NameToGuid(const wide *name, uint8_t guid[16]);
EXPORT hresult NameToGuid(const wide *name, uint8_t guid[16]) {
  struct reply reply;
  FAIL_IF_INJECTED();
  if (name == NULL || guid == NULL) return BAD_ARGUMENT;
  hresult code = ask(__func__, &reply, "t", name);
  if (!FAILED(code) && reply_text(&reply, 0) != NULL) guid_of(reply_text(&reply, 0), guid);
  drop_reply(&reply);
  return code;
}

EXPORT hresult GrantVmAccess(const wide *vm, const wide *path);
EXPORT hresult GrantVmAccess(const wide *vm, const wide *path) {
  FAIL_IF_INJECTED();
  if (vm == NULL || path == NULL) return BAD_ARGUMENT;
  struct reply reply;
  hresult code = ask("HcsGrantVmAccess", &reply, "tt", vm, path);
  drop_reply(&reply);
  return code;
}

EXPORT hresult ExpandSandboxSize(const struct driver *driver, const wide *path, uint64_t bytes);
EXPORT hresult ExpandSandboxSize(const struct driver *driver, const wide *path, uint64_t bytes) {
  (void)bytes;
  return of_layer(__func__, driver, path);
}
