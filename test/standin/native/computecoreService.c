/* computecore.dll: the service itself, and the files of VMs. */
#include "computecore.h"

hresult ask_for_text(const char *function, wide **text, const wide *argument) {
  if (text != NULL) *text = NULL;
  hresult injected = injected_failure(function);
  if (injected != OK) return injected;
  struct reply reply;
  hresult code = ask(function, &reply, "t", argument);
  lock();
  hand_out(text, reply_text(&reply, 0), LOCAL_ALLOC);
  unlock();
  drop_reply(&reply);
  return code;
}

EXPORT hresult HcsGetServiceProperties(const wide *query, wide **result) {
  return result == NULL ? BAD_POINTER : ask_for_text(__func__, result, query);
}

EXPORT hresult HcsModifyServiceSettings(const wide *settings, wide **result) {
  return ask_for_text(__func__, result, settings);
}

EXPORT hresult HcsSubmitWerReport(const wide *settings) { return ask_for_text(__func__, NULL, settings); }

EXPORT hresult HcsCreateEmptyGuestStateFile(const wide *path) { return ask_for_text(__func__, NULL, path); }

EXPORT hresult HcsCreateEmptyRuntimeStateFile(const wide *path) { return ask_for_text(__func__, NULL, path); }

EXPORT hresult HcsGetProcessorCompatibilityFromSavedState(const wide *path, wide **features) {
  return ask_for_text(__func__, features, path);
}

EXPORT hresult HcsGrantVmAccess(const wide *vm, const wide *path) {
  FAIL_IF_INJECTED();
  ASK("tt", vm, path);
}

EXPORT hresult HcsRevokeVmAccess(const wide *vm, const wide *path) {
  FAIL_IF_INJECTED();
  ASK("tt", vm, path);
}

EXPORT hresult HcsGrantVmGroupAccess(const wide *path) {
  FAIL_IF_INJECTED();
  ASK("t", path);
}

EXPORT hresult HcsRevokeVmGroupAccess(const wide *path) {
  FAIL_IF_INJECTED();
  ASK("t", path);
}
