/* computecore.dll: compute systems. */
#include "computecore.h"

/* Has the service called for an operation on a system or process: its handle goes first. */
static hresult start_on(const char *function, enum kind kind, handle target, handle operation, int32_t type,
                        const wide *document) {
  hresult injected = injected_failure(function);
  if (injected != OK) return injected;
  lock();
  struct object *object = find_object(target, kind);
  hresult code = object == NULL ? BAD_HANDLE : start(function, operation, type, object, "nt", target, document);
  unlock();
  return code;
}

hresult set_callback(handle value, enum kind kind, const struct listener *listener) {
  lock();
  struct object *object = find_object(value, kind);
  if (object != NULL) {
    object->is.listener.callback = NULL;
    wait_for_callback(value, kind);
    object = find_object(value, kind);
  }
  if (object != NULL) {
    uint64_t running_on = object->is.listener.running_on;
    object->is.listener = *listener;
    object->is.listener.running_on = running_on;
  }
  unlock();
  return object == NULL ? BAD_HANDLE : OK;
}

bool close_listener(handle value, enum kind kind) {
  static const struct listener nobody;
  bool was_open = set_callback(value, kind, &nobody) == OK;
  lock();
  struct object *object = was_open ? find_object(value, kind) : NULL;
  if (object != NULL) drop_object(object);
  unlock();
  return object != NULL;
}

EXPORT hresult HcsEnumerateComputeSystems(const wide *query, handle operation) {
  FAIL_IF_INJECTED();
  lock();
  hresult code = start(__func__, operation, TYPE_ENUMERATE, NULL, "t", query);
  unlock();
  return code;
}

EXPORT hresult HcsEnumerateComputeSystemsInNamespace(const wide *id_namespace, const wide *query, handle operation) {
  (void)id_namespace;
  return HcsEnumerateComputeSystems(query, operation);
}

EXPORT hresult HcsCreateComputeSystem(const wide *id, const wide *configuration, handle operation,
                                      const void *security_descriptor, handle *system) {
  if (system == NULL) return BAD_POINTER;
  *system = 0;
  FAIL_IF_INJECTED();
  if (id == NULL || configuration == NULL || security_descriptor != NULL) return BAD_ARGUMENT;
  lock();
  struct object *object = add_object(KIND_SYSTEM);
  hresult code = start(__func__, operation, TYPE_CREATE, object, "ntt", object->handle, id, configuration);
  if (FAILED(code)) drop_object(object);
  else *system = object->handle;
  unlock();
  return code;
}

EXPORT hresult HcsCreateComputeSystemInNamespace(const wide *id_namespace, const wide *id, const wide *configuration,
                                                 handle operation, const void *options, handle *system) {
  (void)id_namespace;
  (void)options;
  return HcsCreateComputeSystem(id, configuration, operation, NULL, system);
}

static handle new_handle(enum kind kind) {
  lock();
  handle value = add_object(kind)->handle;
  unlock();
  return value;
}

static void drop_handle(handle value, enum kind kind) {
  lock();
  struct object *object = find_object(value, kind);
  if (object != NULL) drop_object(object);
  unlock();
}

EXPORT hresult HcsOpenComputeSystem(const wide *id, uint32_t access, handle *system) {
  if (system == NULL) return BAD_POINTER;
  *system = 0;
  FAIL_IF_INJECTED();
  if (id == NULL) return BAD_ARGUMENT;
  struct reply reply;
  handle value = new_handle(KIND_SYSTEM);
  hresult code = ask(__func__, &reply, "ntn", value, id, (uint64_t)access);
  drop_reply(&reply);
  if (FAILED(code)) drop_handle(value, KIND_SYSTEM);
  else *system = value;
  return code;
}

EXPORT hresult HcsOpenComputeSystemInNamespace(const wide *id_namespace, const wide *id, uint32_t access,
                                               handle *system) {
  (void)id_namespace;
  return HcsOpenComputeSystem(id, access, system);
}

EXPORT void HcsCloseComputeSystem(handle system) {
  struct reply reply;
  if (!close_listener(system, KIND_SYSTEM)) return;
  ask(__func__, &reply, "n", system);
  drop_reply(&reply);
}

EXPORT hresult HcsStartComputeSystem(handle system, handle operation, const wide *options) {
  return start_on(__func__, KIND_SYSTEM, system, operation, TYPE_START, options);
}

EXPORT hresult HcsShutDownComputeSystem(handle system, handle operation, const wide *options) {
  return start_on(__func__, KIND_SYSTEM, system, operation, TYPE_SHUTDOWN, options);
}

EXPORT hresult HcsTerminateComputeSystem(handle system, handle operation, const wide *options) {
  return start_on(__func__, KIND_SYSTEM, system, operation, TYPE_TERMINATE, options);
}

EXPORT hresult HcsCrashComputeSystem(handle system, handle operation, const wide *options) {
  return start_on(__func__, KIND_SYSTEM, system, operation, TYPE_CRASH, options);
}

EXPORT hresult HcsPauseComputeSystem(handle system, handle operation, const wide *options) {
  return start_on(__func__, KIND_SYSTEM, system, operation, TYPE_PAUSE, options);
}

EXPORT hresult HcsResumeComputeSystem(handle system, handle operation, const wide *options) {
  return start_on(__func__, KIND_SYSTEM, system, operation, TYPE_RESUME, options);
}

EXPORT hresult HcsSaveComputeSystem(handle system, handle operation, const wide *options) {
  return start_on(__func__, KIND_SYSTEM, system, operation, TYPE_SAVE, options);
}

EXPORT hresult HcsGetComputeSystemProperties(handle system, handle operation, const wide *query) {
  return start_on(__func__, KIND_SYSTEM, system, operation, TYPE_GET_PROPERTIES, query);
}

EXPORT hresult HcsModifyComputeSystem(handle system, handle operation, const wide *configuration, handle identity) {
  (void)identity;
  if (configuration == NULL) return BAD_ARGUMENT;
  return start_on(__func__, KIND_SYSTEM, system, operation, TYPE_MODIFY, configuration);
}

EXPORT hresult HcsSetComputeSystemCallback(handle system, uint32_t options, void *context, event_callback callback) {
  FAIL_IF_INJECTED();
  struct listener listener = {.callback = callback, .context = context, .options = options};
  return set_callback(system, KIND_SYSTEM, &listener);
}

EXPORT hresult HcsWaitForComputeSystemExit(handle system, uint32_t timeout, wide **result) {
  struct reply reply;
  FAIL_IF_INJECTED();
  hresult code = ask(__func__, &reply, "nn", system, (uint64_t)timeout);
  lock();
  hand_out(result, reply_text(&reply, 0), LOCAL_ALLOC);
  unlock();
  drop_reply(&reply);
  return code;
}
