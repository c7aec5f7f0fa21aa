/* What tests ask the libraries for, and do to them. */
#include <stdlib.h>
#include <string.h>

#include "connection.h"
#include "platform.h"

struct armed {
  char *function;
  hresult code;
  uint32_t calls_left;
  struct armed *next;
};

static struct armed *armed;

hresult injected_failure(const char *function) {
  hresult code = OK;
  lock();
  for (struct armed **link = &armed; *link != NULL;) {
    struct armed *each = *link;
    if (strcmp(each->function, function) == 0 && --each->calls_left == 0) {
      code = each->code;
      *link = each->next;
      free(each->function);
      free(each);
      break;
    }
    link = &each->next;
  }
  unlock();
  return code;
}

EXPORT void StandInFail(const wide *function, hresult code, uint32_t nth);
EXPORT void StandInFail(const wide *function, hresult code, uint32_t nth) {
  size_t length = wide_length(function);
  struct armed *each = malloc(sizeof *each);
  char *name = malloc(length + 1);
  if (each == NULL || name == NULL) abort();
  /* Names of functions are ASCII. */
  for (size_t index = 0; index <= length; index++) name[index] = (char)function[index];
  lock();
  *each = (struct armed){.function = name, .code = code, .calls_left = nth == 0 ? 1 : nth, .next = armed};
  armed = each;
  unlock();
}

EXPORT void StandInConnect(uint32_t port);
EXPORT void StandInConnect(uint32_t port) {
  lock();
  connect_from_now_on((uint16_t)port);
  unlock();
}

static void count_object(const struct object *object, uint64_t out[12]) {
  static const uint8_t place_of[] = {
      [KIND_SYSTEM] = 0, [KIND_PROCESS] = 1, [KIND_OPERATION] = 2, [KIND_NETWORK] = 3, [KIND_PIPE] = 4};
  if (object->kind != KIND_CALLBACK) out[place_of[object->kind]]++;
  if (object->kind == KIND_PIPE) out[11] += object->is.pipe.reads.count + object->is.pipe.writes.count;
  bool listens = object->kind == KIND_SYSTEM || object->kind == KIND_PROCESS || object->kind == KIND_CALLBACK;
  if (listens && (object->is.listener.callback != NULL || object->is.listener.notification != NULL)) out[9]++;
}

EXPORT void StandInCounts(uint64_t out[12]);
EXPORT void StandInCounts(uint64_t out[12]) {
  memset(out, 0, 12 * sizeof *out);
  lock();
  for (size_t position = 0; position < object_places(); position++) {
    if (object_at(position) != NULL) count_object(object_at(position), out);
  }
  out[5] = texts_given();
  out[6] = counters.double_frees;
  out[7] = counters.wrong_frees;
  out[8] = counters.bad_handles;
  out[10] = counters.calls_in_flight;
  unlock();
}

EXPORT void StandInForget(void);
EXPORT void StandInForget(void) {
  lock();
  drop_all_objects();
  forget_texts();
  counters = (struct counters){.calls_in_flight = counters.calls_in_flight};
  while (armed != NULL) {
    struct armed *next = armed->next;
    free(armed->function);
    free(armed);
    armed = next;
  }
  unlock();
}
