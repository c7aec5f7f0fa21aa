/* computecore.dll: operations. */
#include "computecore.h"

EXPORT handle HcsCreateOperation(void *context, operation_callback callback) {
  if (injected_failure(__func__) != OK) return 0;
  lock();
  struct object *object = add_object(KIND_OPERATION);
  object->is.operation = (struct operation){.type = -1, .callback = callback, .context = context};
  handle value = object->handle;
  unlock();
  return value;
}

EXPORT handle HcsCreateOperationWithNotifications(uint32_t types, void *context, operation_callback callback) {
  (void)types;
  return HcsCreateOperation(context, callback);
}

EXPORT void HcsCloseOperation(handle operation) {
  lock();
  struct object *object = find_object(operation, KIND_OPERATION);
  if (object != NULL) {
    /* Pipes that nobody asked for are nobody's. */
    if (object->is.operation.has_process_information) drop_pipes(&object->is.operation.information);
    drop_object(object);
    wake_all();
  }
  unlock();
}

EXPORT void *HcsGetOperationContext(handle operation) {
  lock();
  const struct object *object = find_object(operation, KIND_OPERATION);
  void *context = object == NULL ? NULL : object->is.operation.context;
  unlock();
  return context;
}

EXPORT hresult HcsSetOperationContext(handle operation, void *context) {
  FAIL_IF_INJECTED();
  lock();
  struct object *object = find_object(operation, KIND_OPERATION);
  if (object != NULL) object->is.operation.context = context;
  unlock();
  return object == NULL ? BAD_HANDLE : OK;
}

EXPORT hresult HcsSetOperationCallback(handle operation, void *context, operation_callback callback) {
  FAIL_IF_INJECTED();
  lock();
  struct object *object = find_object(operation, KIND_OPERATION);
  if (object != NULL) {
    object->is.operation.callback = callback;
    object->is.operation.context = context;
  }
  unlock();
  return object == NULL ? BAD_HANDLE : OK;
}

EXPORT handle HcsGetComputeSystemFromOperation(handle operation) {
  lock();
  const struct object *object = find_object(operation, KIND_OPERATION);
  handle system = object == NULL ? 0 : object->is.operation.system;
  unlock();
  return system;
}

EXPORT handle HcsGetProcessFromOperation(handle operation) {
  lock();
  const struct object *object = find_object(operation, KIND_OPERATION);
  handle process = object == NULL ? 0 : object->is.operation.process;
  unlock();
  return process;
}

EXPORT int32_t HcsGetOperationType(handle operation) {
  lock();
  const struct object *object = find_object(operation, KIND_OPERATION);
  int32_t type = object == NULL ? -1 : object->is.operation.type;
  unlock();
  return type;
}

/* HCS_INVALID_OPERATION_ID */
#define INVALID_OPERATION_ID UINT64_MAX

EXPORT uint64_t HcsGetOperationId(handle operation) {
  lock();
  const struct object *object = find_object(operation, KIND_OPERATION);
  uint64_t id = object == NULL || object->is.operation.progress == NOT_STARTED ? INVALID_OPERATION_ID
                                                                               : object->is.operation.id;
  unlock();
  return id;
}

EXPORT hresult HcsCancelOperation(handle operation) {
  FAIL_IF_INJECTED();
  lock();
  const struct object *object = find_object(operation, KIND_OPERATION);
  unlock();
  return object == NULL ? BAD_HANDLE : NOT_IMPLEMENTED;
}

EXPORT hresult HcsGetOperationProperties(handle operation, const wide *options, wide **document) {
  (void)options;
  if (document != NULL) *document = NULL;
  return HcsCancelOperation(operation);
}

EXPORT hresult HcsAddResourceToOperation(handle operation, uint32_t type, const wide *uri, handle resource) {
  (void)type;
  (void)uri;
  (void)resource;
  return HcsCancelOperation(operation);
}

static bool tells_of_process(const struct operation *operation) {
  return operation->type == TYPE_CREATE_PROCESS || operation->type == TYPE_GET_PROCESS_INFO;
}

/* The pipes are handed out once, as the handles of the caller. */
static hresult hand_out_process(struct operation *operation, struct process_information *information) {
  if (!tells_of_process(operation)) return BAD_ARGUMENT;
  if (FAILED(operation->code) || information == NULL) return OK;
  if (!operation->has_process_information) return PROCESS_INFO_NOT_AVAILABLE;
  *information = operation->information;
  operation->has_process_information = false;
  return OK;
}

struct wanted {
  const char *function;
  bool of_process;
  struct process_information *information;
  wide **document;
};

static hresult result_of(struct operation *operation, const struct wanted *wanted) {
  if (operation->progress == NOT_STARTED) return OPERATION_NOT_STARTED;
  hresult code = wanted->of_process ? hand_out_process(operation, wanted->information) : OK;
  if (code != OK) return code;
  hand_out(wanted->document, operation->document, LOCAL_ALLOC);
  return operation->code;
}

/* The operation may be closed while somebody waits for it. */
static hresult wait_for_result(handle operation, uint32_t timeout, hresult too_late, const struct wanted *wanted) {
  if (wanted->document != NULL) *wanted->document = NULL;
  uint64_t deadline = deadline_in(timeout);
  lock();
  struct object *object = find_object(operation, KIND_OPERATION);
  while (object != NULL && object->is.operation.progress == PENDING && wait_until(deadline)) {
    object = find_object(operation, KIND_OPERATION);
  }
  bool is_late = object != NULL && object->is.operation.progress == PENDING;
  unlock();
  if (object == NULL) return BAD_HANDLE;
  if (is_late) return too_late;
  hresult injected = injected_failure(wanted->function);
  if (injected != OK) return injected;
  lock();
  object = find_object(operation, KIND_OPERATION);
  hresult code = object == NULL ? BAD_HANDLE : result_of(&object->is.operation, wanted);
  unlock();
  return code;
}

EXPORT hresult HcsGetOperationResult(handle operation, wide **document) {
  struct wanted wanted = {.function = __func__, .document = document};
  return wait_for_result(operation, 0, OPERATION_PENDING, &wanted);
}

EXPORT hresult HcsGetOperationResultAndProcessInfo(handle operation, struct process_information *information,
                                                   wide **document) {
  struct wanted wanted = {__func__, true, information, document};
  return wait_for_result(operation, 0, OPERATION_PENDING, &wanted);
}

EXPORT hresult HcsWaitForOperationResult(handle operation, uint32_t timeout, wide **document) {
  struct wanted wanted = {.function = __func__, .document = document};
  return wait_for_result(operation, timeout, OPERATION_TIMEOUT, &wanted);
}

EXPORT hresult HcsWaitForOperationResultAndProcessInfo(handle operation, uint32_t timeout,
                                                       struct process_information *information, wide **document) {
  struct wanted wanted = {__func__, true, information, document};
  return wait_for_result(operation, timeout, OPERATION_TIMEOUT, &wanted);
}
