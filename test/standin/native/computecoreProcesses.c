/* computecore.dll: processes in compute systems. */
#include "computecore.h"

void drop_pipes(const struct process_information *information) {
  const handle pipes[] = {information->std_input, information->std_output, information->std_error};
  for (size_t index = 0; index < 3; index++) {
    if (pipes[index] != 0 && !close_pipe(pipes[index])) find_object(pipes[index], KIND_PIPE);
  }
}

static hresult start_on_process(const char *function, handle process, handle operation, int32_t type,
                                const wide *document) {
  hresult injected = injected_failure(function);
  if (injected != OK) return injected;
  lock();
  struct object *object = find_object(process, KIND_PROCESS);
  hresult code = object == NULL ? BAD_HANDLE : start(function, operation, type, object, "nt", process, document);
  unlock();
  return code;
}

EXPORT hresult HcsCreateProcess(handle system, const wide *parameters, handle operation,
                                const void *security_descriptor, handle *process) {
  if (process == NULL) return BAD_POINTER;
  *process = 0;
  FAIL_IF_INJECTED();
  if (parameters == NULL || security_descriptor != NULL) return BAD_ARGUMENT;
  lock();
  hresult code = BAD_HANDLE;
  if (find_object(system, KIND_SYSTEM) != NULL) {
    handle value = add_object(KIND_PROCESS)->handle;
    struct object *owner = find_object(system, KIND_SYSTEM);
    code = start(__func__, operation, TYPE_CREATE_PROCESS, owner, "nnt", system, value, parameters);
    if (FAILED(code)) drop_object(find_object(value, KIND_PROCESS));
    else *process = value;
  }
  unlock();
  return code;
}

EXPORT hresult HcsOpenProcess(handle system, uint32_t id, uint32_t access, handle *process) {
  (void)access;
  if (process == NULL) return BAD_POINTER;
  *process = 0;
  FAIL_IF_INJECTED();
  struct reply reply;
  lock();
  handle value = add_object(KIND_PROCESS)->handle;
  unlock();
  hresult code = ask(__func__, &reply, "nnn", system, value, (uint64_t)id);
  drop_reply(&reply);
  lock();
  if (FAILED(code)) drop_object(find_object(value, KIND_PROCESS));
  else *process = value;
  unlock();
  return code;
}

EXPORT void HcsCloseProcess(handle process) {
  struct reply reply;
  if (!close_listener(process, KIND_PROCESS)) return;
  ask(__func__, &reply, "n", process);
  drop_reply(&reply);
}

EXPORT hresult HcsTerminateProcess(handle process, handle operation, const wide *options) {
  return start_on_process(__func__, process, operation, TYPE_SIGNAL_PROCESS, options);
}

EXPORT hresult HcsSignalProcess(handle process, handle operation, const wide *options) {
  return start_on_process(__func__, process, operation, TYPE_SIGNAL_PROCESS, options);
}

EXPORT hresult HcsGetProcessInfo(handle process, handle operation) {
  return start_on_process(__func__, process, operation, TYPE_GET_PROCESS_INFO, NULL);
}

EXPORT hresult HcsGetProcessProperties(handle process, handle operation, const wide *query) {
  return start_on_process(__func__, process, operation, TYPE_GET_PROCESS_PROPERTIES, query);
}

EXPORT hresult HcsModifyProcess(handle process, handle operation, const wide *settings) {
  return start_on_process(__func__, process, operation, TYPE_MODIFY_PROCESS, settings);
}

EXPORT hresult HcsSetProcessCallback(handle process, uint32_t options, void *context, event_callback callback) {
  FAIL_IF_INJECTED();
  struct listener listener = {.callback = callback, .context = context, .options = options};
  return set_callback(process, KIND_PROCESS, &listener);
}

EXPORT hresult HcsWaitForProcessExit(handle process, uint32_t timeout, wide **result) {
  struct reply reply;
  FAIL_IF_INJECTED();
  hresult code = ask(__func__, &reply, "nn", process, (uint64_t)timeout);
  lock();
  hand_out(result, reply_text(&reply, 0), LOCAL_ALLOC);
  unlock();
  drop_reply(&reply);
  return code;
}
