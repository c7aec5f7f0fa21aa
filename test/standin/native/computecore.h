/* The exports of computecore.dll, and what its files share. */
#ifndef COMPUTECORE_H
#define COMPUTECORE_H

#include "platform.h"

/* HCS_OPERATION_TYPE */
enum operation_type {
  TYPE_ENUMERATE = 0,
  TYPE_CREATE,
  TYPE_START,
  TYPE_SHUTDOWN,
  TYPE_PAUSE,
  TYPE_RESUME,
  TYPE_SAVE,
  TYPE_TERMINATE,
  TYPE_MODIFY,
  TYPE_GET_PROPERTIES,
  TYPE_CREATE_PROCESS,
  TYPE_SIGNAL_PROCESS,
  TYPE_GET_PROCESS_INFO,
  TYPE_GET_PROCESS_PROPERTIES,
  TYPE_MODIFY_PROCESS,
  TYPE_CRASH
};

/* Closes the pipes of a process. Wants the lock. */
void drop_pipes(const struct process_information *information);
/* Sets who listens to a system or process, once nobody is told any more. */
hresult set_callback(handle value, enum kind kind, const struct listener *listener);
/* Closes the handle once nobody is told of anything any more; false when it was none. */
bool close_listener(handle value, enum kind kind);
/* Asks for a text that the caller is given. */
hresult ask_for_text(const char *function, wide **text, const wide *argument);

EXPORT handle HcsCreateOperation(void *context, operation_callback callback);
EXPORT handle HcsCreateOperationWithNotifications(uint32_t types, void *context, operation_callback callback);
EXPORT void HcsCloseOperation(handle operation);
EXPORT void *HcsGetOperationContext(handle operation);
EXPORT hresult HcsSetOperationContext(handle operation, void *context);
EXPORT hresult HcsSetOperationCallback(handle operation, void *context, operation_callback callback);
EXPORT handle HcsGetComputeSystemFromOperation(handle operation);
EXPORT handle HcsGetProcessFromOperation(handle operation);
EXPORT int32_t HcsGetOperationType(handle operation);
EXPORT uint64_t HcsGetOperationId(handle operation);
EXPORT hresult HcsCancelOperation(handle operation);
EXPORT hresult HcsGetOperationProperties(handle operation, const wide *options, wide **document);
EXPORT hresult HcsAddResourceToOperation(handle operation, uint32_t type, const wide *uri, handle resource);
EXPORT hresult HcsGetOperationResult(handle operation, wide **document);
EXPORT hresult HcsGetOperationResultAndProcessInfo(handle operation, struct process_information *information,
                                                   wide **document);
EXPORT hresult HcsWaitForOperationResult(handle operation, uint32_t timeout, wide **document);
EXPORT hresult HcsWaitForOperationResultAndProcessInfo(handle operation, uint32_t timeout,
                                                       struct process_information *information, wide **document);

EXPORT hresult HcsEnumerateComputeSystems(const wide *query, handle operation);
EXPORT hresult HcsEnumerateComputeSystemsInNamespace(const wide *id_namespace, const wide *query, handle operation);
EXPORT hresult HcsCreateComputeSystem(const wide *id, const wide *configuration, handle operation,
                                      const void *security_descriptor, handle *system);
EXPORT hresult HcsCreateComputeSystemInNamespace(const wide *id_namespace, const wide *id, const wide *configuration,
                                                 handle operation, const void *options, handle *system);
EXPORT hresult HcsOpenComputeSystem(const wide *id, uint32_t access, handle *system);
EXPORT hresult HcsOpenComputeSystemInNamespace(const wide *id_namespace, const wide *id, uint32_t access,
                                               handle *system);
EXPORT void HcsCloseComputeSystem(handle system);
EXPORT hresult HcsStartComputeSystem(handle system, handle operation, const wide *options);
EXPORT hresult HcsShutDownComputeSystem(handle system, handle operation, const wide *options);
EXPORT hresult HcsTerminateComputeSystem(handle system, handle operation, const wide *options);
EXPORT hresult HcsCrashComputeSystem(handle system, handle operation, const wide *options);
EXPORT hresult HcsPauseComputeSystem(handle system, handle operation, const wide *options);
EXPORT hresult HcsResumeComputeSystem(handle system, handle operation, const wide *options);
EXPORT hresult HcsSaveComputeSystem(handle system, handle operation, const wide *options);
EXPORT hresult HcsGetComputeSystemProperties(handle system, handle operation, const wide *query);
EXPORT hresult HcsModifyComputeSystem(handle system, handle operation, const wide *configuration, handle identity);
EXPORT hresult HcsSetComputeSystemCallback(handle system, uint32_t options, void *context, event_callback callback);
EXPORT hresult HcsWaitForComputeSystemExit(handle system, uint32_t timeout, wide **result);

EXPORT hresult HcsCreateProcess(handle system, const wide *parameters, handle operation,
                                const void *security_descriptor, handle *process);
EXPORT hresult HcsOpenProcess(handle system, uint32_t id, uint32_t access, handle *process);
EXPORT void HcsCloseProcess(handle process);
EXPORT hresult HcsTerminateProcess(handle process, handle operation, const wide *options);
EXPORT hresult HcsSignalProcess(handle process, handle operation, const wide *options);
EXPORT hresult HcsGetProcessInfo(handle process, handle operation);
EXPORT hresult HcsGetProcessProperties(handle process, handle operation, const wide *query);
EXPORT hresult HcsModifyProcess(handle process, handle operation, const wide *settings);
EXPORT hresult HcsSetProcessCallback(handle process, uint32_t options, void *context, event_callback callback);
EXPORT hresult HcsWaitForProcessExit(handle process, uint32_t timeout, wide **result);

EXPORT hresult HcsGetServiceProperties(const wide *query, wide **result);
EXPORT hresult HcsModifyServiceSettings(const wide *settings, wide **result);
EXPORT hresult HcsSubmitWerReport(const wide *settings);
EXPORT hresult HcsCreateEmptyGuestStateFile(const wide *path);
EXPORT hresult HcsCreateEmptyRuntimeStateFile(const wide *path);
EXPORT hresult HcsGetProcessorCompatibilityFromSavedState(const wide *path, wide **features);
EXPORT hresult HcsGrantVmAccess(const wide *vm, const wide *path);
EXPORT hresult HcsRevokeVmAccess(const wide *vm, const wide *path);
EXPORT hresult HcsGrantVmGroupAccess(const wide *path);
EXPORT hresult HcsRevokeVmGroupAccess(const wide *path);

#endif
