#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>
#include <objbase.h>
#include <stdlib.h>

/* winerror.h has macros of these names. */
#undef FAILED
#include "platform.h"

static SRWLOCK mutex = SRWLOCK_INIT;
static CONDITION_VARIABLE condition = CONDITION_VARIABLE_INIT;

void lock(void) { AcquireSRWLockExclusive(&mutex); }

void unlock(void) { ReleaseSRWLockExclusive(&mutex); }

void wake_all(void) { WakeAllConditionVariable(&condition); }

uint64_t deadline_in(uint32_t milliseconds) {
  return milliseconds == FOREVER ? UINT64_MAX : GetTickCount64() + milliseconds;
}

bool wait_until(uint64_t deadline) {
  uint64_t now = GetTickCount64();
  if (deadline != UINT64_MAX && now >= deadline) return false;
  DWORD rest = deadline == UINT64_MAX ? INFINITE : (DWORD)(deadline - now);
  return SleepConditionVariableSRW(&condition, &mutex, rest, 0) != 0 || GetTickCount64() < deadline;
}

struct work {
  void (*run)(void *argument);
  void *argument;
};

static DWORD WINAPI run_work(void *given) {
  struct work work = *(struct work *)given;
  free(given);
  work.run(work.argument);
  return 0;
}

void start_thread(void (*run)(void *argument), void *argument) {
  struct work *work = malloc(sizeof *work);
  *work = (struct work){.run = run, .argument = argument};
  HANDLE thread = CreateThread(NULL, 0, run_work, work, 0, NULL);
  if (thread != NULL) CloseHandle(thread);
}

uint64_t this_thread(void) { return GetCurrentThreadId(); }

connection connect_to(uint16_t port) {
  static bool started;
  WSADATA data;
  if (!started && WSAStartup(MAKEWORD(2, 2), &data) != 0) return NOT_CONNECTED;
  started = true;
  SOCKET end = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  int yes = 1;
  if (end == INVALID_SOCKET) return NOT_CONNECTED;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(end, (struct sockaddr *)&address, sizeof address) != 0) {
    closesocket(end);
    return NOT_CONNECTED;
  }
  setsockopt(end, IPPROTO_TCP, TCP_NODELAY, (const char *)&yes, sizeof yes);
  return (connection)end;
}

bool send_bytes(connection to, const void *bytes, size_t length) {
  const char *rest = bytes;
  while (length > 0) {
    int sent = send((SOCKET)to, rest, (int)length, 0);
    if (sent <= 0) return false;
    rest += sent;
    length -= (size_t)sent;
  }
  return true;
}

bool receive_bytes(connection from, void *bytes, size_t length) {
  char *rest = bytes;
  while (length > 0) {
    int received = recv((SOCKET)from, rest, (int)length, 0);
    if (received <= 0) return false;
    rest += received;
    length -= (size_t)received;
  }
  return true;
}

void cut(connection which) { shutdown((SOCKET)which, SD_BOTH); }

void close_connection(connection which) { closesocket((SOCKET)which); }

uint16_t environment_port(void) {
  char port[16];
  DWORD length = GetEnvironmentVariableA("SLIPWAY_STANDIN_PORT", port, sizeof port);
  return length == 0 || length >= sizeof port ? 0 : (uint16_t)strtoul(port, NULL, 10);
}

void *allocate(enum allocator allocator, size_t size) {
  return allocator == LOCAL_ALLOC ? LocalAlloc(LMEM_FIXED, size) : CoTaskMemAlloc(size);
}

void release(enum allocator allocator, void *memory) { release_foreign(allocator, memory); }

bool release_foreign(enum allocator allocator, void *memory) {
  if (allocator == LOCAL_ALLOC) LocalFree(memory);
  else CoTaskMemFree(memory);
  return true;
}

bool close_foreign(handle value) { return CloseHandle((HANDLE)(uintptr_t)value) != 0; }

void set_last_error(uint32_t code) { SetLastError(code); }

uint32_t last_error(void) { return GetLastError(); }
