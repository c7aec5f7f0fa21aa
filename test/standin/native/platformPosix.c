#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "platform.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static __thread uint32_t error_of_thread;

static void initialize(void) {
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(&condition, &attributes);
}

void lock(void) {
  pthread_once(&once, initialize);
  pthread_mutex_lock(&mutex);
}

void unlock(void) { pthread_mutex_unlock(&mutex); }

void wake_all(void) { pthread_cond_broadcast(&condition); }

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

uint64_t deadline_in(uint32_t milliseconds) { return milliseconds == FOREVER ? UINT64_MAX : now() + milliseconds; }

bool wait_until(uint64_t deadline) {
  if (deadline == UINT64_MAX) return pthread_cond_wait(&condition, &mutex) == 0;
  if (now() >= deadline) return false;
  struct timespec time = {.tv_sec = (time_t)(deadline / 1000), .tv_nsec = (long)(deadline % 1000) * 1000000};
  return pthread_cond_timedwait(&condition, &mutex, &time) != ETIMEDOUT || now() < deadline;
}

struct work {
  void (*run)(void *argument);
  void *argument;
};

static void *run_work(void *given) {
  struct work work = *(struct work *)given;
  free(given);
  work.run(work.argument);
  return NULL;
}

void start_thread(void (*run)(void *argument), void *argument) {
  struct work *work = malloc(sizeof *work);
  pthread_t thread;
  *work = (struct work){.run = run, .argument = argument};
  if (pthread_create(&thread, NULL, run_work, work) == 0) pthread_detach(thread);
}

uint64_t this_thread(void) { return (uint64_t)pthread_self(); }

connection connect_to(uint16_t port) {
  int end = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  int yes = 1;
  if (end < 0) return NOT_CONNECTED;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(end, (struct sockaddr *)&address, sizeof address) != 0) {
    close(end);
    return NOT_CONNECTED;
  }
  setsockopt(end, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  return end;
}

bool send_bytes(connection to, const void *bytes, size_t length) {
  const char *rest = bytes;
  while (length > 0) {
    ssize_t sent = send((int)to, rest, length, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    rest += sent;
    length -= (size_t)sent;
  }
  return true;
}

bool receive_bytes(connection from, void *bytes, size_t length) {
  char *rest = bytes;
  while (length > 0) {
    ssize_t received = recv((int)from, rest, length, 0);
    if (received < 0 && errno == EINTR) continue;
    if (received <= 0) return false;
    rest += received;
    length -= (size_t)received;
  }
  return true;
}

void cut(connection which) { shutdown((int)which, SHUT_RDWR); }

void close_connection(connection which) { close((int)which); }

uint16_t environment_port(void) {
  const char *port = getenv("SLIPWAY_STANDIN_PORT");
  return port == NULL ? 0 : (uint16_t)strtoul(port, NULL, 10);
}

void *allocate(enum allocator allocator, size_t size) {
  (void)allocator;
  return malloc(size);
}

void release(enum allocator allocator, void *memory) {
  (void)allocator;
  free(memory);
}

bool release_foreign(enum allocator allocator, void *memory) {
  (void)allocator;
  (void)memory;
  return false;
}

bool close_foreign(handle value) {
  (void)value;
  return false;
}

void set_last_error(uint32_t code) { error_of_thread = code; }

uint32_t last_error(void) { return error_of_thread; }
