/* vmcompute.dll: compute systems as version 1 of the API has them, and the network service. */
#include "platform.h"

/* Gives the text at a place of the reply, and the reply back. */
static hresult finish(struct reply *reply, unsigned index, wide **out, wide **result) {
  hresult code = reply->code;
  wide **place = FAILED(code) ? result : out;
  lock();
  hand_out(place, reply_text(reply, index), CO_TASK_MEM);
  unlock();
  drop_reply(reply);
  return code;
}

static void clear(wide **out, wide **result) {
  if (out != NULL) *out = NULL;
  if (result != NULL) *result = NULL;
}

static handle new_system(void) {
  lock();
  handle value = add_object(KIND_SYSTEM)->handle;
  unlock();
  return value;
}

static bool drop(handle value, enum kind kind) {
  lock();
  struct object *object = find_object(value, kind);
  if (object != NULL) drop_object(object);
  unlock();
  return object != NULL;
}

static hresult give_system(struct reply *reply, handle value, handle *system, wide **result) {
  hresult code = finish(reply, 0, NULL, result);
  if (FAILED(code)) drop(value, KIND_SYSTEM);
  else *system = value;
  return code;
}

static hresult on_system(const char *function, handle system, const wide *document, wide **out, wide **result) {
  struct reply reply;
  clear(out, result);
  hresult injected = injected_failure(function);
  if (injected != OK) return injected;
  lock();
  bool is_open = find_object(system, KIND_SYSTEM) != NULL;
  unlock();
  if (!is_open) return BAD_HANDLE;
  ask(function, &reply, "nt", system, document);
  return finish(&reply, 0, out, result);
}

EXPORT hresult HcsEnumerateComputeSystems(const wide *query, wide **systems, wide **result);
EXPORT hresult HcsEnumerateComputeSystems(const wide *query, wide **systems, wide **result) {
  struct reply reply;
  clear(systems, result);
  FAIL_IF_INJECTED();
  ask(__func__, &reply, "t", query);
  return finish(&reply, 0, systems, result);
}

EXPORT hresult HcsCreateComputeSystem(const wide *id, const wide *configuration, handle identity, handle *system,
                                      wide **result);
EXPORT hresult HcsCreateComputeSystem(const wide *id, const wide *configuration, handle identity, handle *system,
                                      wide **result) {
  struct reply reply;
  (void)identity;
  clear(NULL, result);
  if (system == NULL || id == NULL || configuration == NULL) return BAD_ARGUMENT;
  *system = 0;
  FAIL_IF_INJECTED();
  handle value = new_system();
  ask(__func__, &reply, "ntt", value, id, configuration);
  return give_system(&reply, value, system, result);
}

EXPORT hresult HcsOpenComputeSystem(const wide *id, handle *system, wide **result);
EXPORT hresult HcsOpenComputeSystem(const wide *id, handle *system, wide **result) {
  struct reply reply;
  clear(NULL, result);
  if (system == NULL || id == NULL) return BAD_ARGUMENT;
  *system = 0;
  FAIL_IF_INJECTED();
  handle value = new_system();
  ask(__func__, &reply, "nt", value, id);
  return give_system(&reply, value, system, result);
}

EXPORT hresult HcsCloseComputeSystem(handle system);
EXPORT hresult HcsCloseComputeSystem(handle system) {
  struct reply reply;
  FAIL_IF_INJECTED();
  if (!drop(system, KIND_SYSTEM)) return BAD_HANDLE;
  ask(__func__, &reply, "n", system);
  return finish(&reply, 0, NULL, NULL);
}

EXPORT hresult HcsStartComputeSystem(handle system, const wide *options, wide **result);
EXPORT hresult HcsStartComputeSystem(handle system, const wide *options, wide **result) {
  return on_system(__func__, system, options, NULL, result);
}

/* The two versions spell it differently; the service knows one spelling. */
EXPORT hresult HcsShutdownComputeSystem(handle system, const wide *options, wide **result);
EXPORT hresult HcsShutdownComputeSystem(handle system, const wide *options, wide **result) {
  return on_system("HcsShutDownComputeSystem", system, options, NULL, result);
}

EXPORT hresult HcsTerminateComputeSystem(handle system, const wide *options, wide **result);
EXPORT hresult HcsTerminateComputeSystem(handle system, const wide *options, wide **result) {
  return on_system(__func__, system, options, NULL, result);
}

EXPORT hresult HcsGetComputeSystemProperties(handle system, const wide *query, wide **properties, wide **result);
EXPORT hresult HcsGetComputeSystemProperties(handle system, const wide *query, wide **properties, wide **result) {
  return on_system(__func__, system, query, properties, result);
}

EXPORT hresult HcsModifyComputeSystem(handle system, const wide *configuration, wide **result);
EXPORT hresult HcsModifyComputeSystem(handle system, const wide *configuration, wide **result) {
  return on_system(__func__, system, configuration, NULL, result);
}

EXPORT hresult HcsRegisterComputeSystemCallback(handle system, notification_callback callback, void *context,
                                                handle *registration);
EXPORT hresult HcsRegisterComputeSystemCallback(handle system, notification_callback callback, void *context,
                                                handle *registration) {
  if (registration == NULL || callback == NULL) return BAD_ARGUMENT;
  FAIL_IF_INJECTED();
  lock();
  bool is_open = find_object(system, KIND_SYSTEM) != NULL;
  if (is_open) {
    struct object *object = add_object(KIND_CALLBACK);
    object->is.listener = (struct listener){.notification = callback, .context = context, .target = system};
    *registration = object->handle;
  }
  unlock();
  return is_open ? OK : BAD_HANDLE;
}

EXPORT hresult HcsUnregisterComputeSystemCallback(handle registration);
EXPORT hresult HcsUnregisterComputeSystemCallback(handle registration) {
  FAIL_IF_INJECTED();
  lock();
  struct object *object = find_object(registration, KIND_CALLBACK);
  if (object != NULL) {
    object->is.listener.notification = NULL;
    wait_for_callback(registration, KIND_CALLBACK);
  }
  unlock();
  return object != NULL && drop(registration, KIND_CALLBACK) ? OK : BAD_HANDLE;
}

static hresult service(const char *function, const wide *document, wide **out, wide **result) {
  struct reply reply;
  clear(out, result);
  hresult injected = injected_failure(function);
  if (injected != OK) return injected;
  ask(function, &reply, "t", document);
  return finish(&reply, 0, out, result);
}

EXPORT hresult HcsGetServiceProperties(const wide *query, wide **properties, wide **result);
EXPORT hresult HcsGetServiceProperties(const wide *query, wide **properties, wide **result) {
  return service(__func__, query, properties, result);
}

EXPORT hresult HcsModifyServiceSettings(const wide *settings, wide **result);
EXPORT hresult HcsModifyServiceSettings(const wide *settings, wide **result) {
  return service(__func__, settings, NULL, result);
}

EXPORT hresult HNSCall(const wide *method, const wide *path, const wide *request, wide **response);
EXPORT hresult HNSCall(const wide *method, const wide *path, const wide *request, wide **response) {
  struct reply reply;
  if (response == NULL) return BAD_POINTER;
  *response = NULL;
  FAIL_IF_INJECTED();
  ask(__func__, &reply, "ttt", method, path, request);
  return finish(&reply, 0, response, NULL);
}
