/*
 * Callbacks run on threads of their own, so that one that takes its time keeps nobody from being answered. What one
 * handle is told comes from one thread, in order.
 */
#include <stdlib.h>

#include "platform.h"

#define TELLERS 4

struct event {
  /* Whom to tell: a listener, or a completed operation. */
  handle target;
  enum kind kind;
  uint32_t type;
  handle operation;
  wide *data;
  struct event *next;
};

struct teller {
  struct event *first;
  struct event **end;
};

static struct teller tellers[TELLERS];
static bool tellers_run;

static void call_operation(const struct event *event) {
  struct object *object = peek_object(event->target, KIND_OPERATION);
  if (object == NULL || object->is.operation.callback == NULL) return;
  operation_callback callback = object->is.operation.callback;
  void *context = object->is.operation.context;
  unlock();
  callback(event->target, context);
  lock();
}

/* The events of vmcompute.dll have other numbers, as far as it has them. */
static uint32_t notification_of(uint32_t type) {
  return type == EVENT_SERVICE_DISCONNECT ? 0x01000000u : type;
}

static void call_listener(const struct event *event) {
  struct object *object = peek_object(event->target, event->kind);
  if (object == NULL) return;
  struct listener listener = object->is.listener;
  struct hcs_event told = {.type = event->type, .data = event->data, .operation = event->operation};
  if (listener.callback == NULL && listener.notification == NULL) return;
  object->is.listener.running_on = this_thread();
  unlock();
  if (listener.callback != NULL) listener.callback(&told, listener.context);
  else listener.notification(notification_of(event->type), listener.context, OK, event->data);
  lock();
  object = peek_object(event->target, event->kind);
  if (object != NULL) object->is.listener.running_on = 0;
  wake_all();
}

static void run_teller(void *given) {
  struct teller *teller = given;
  lock();
  for (;;) {
    while (teller->first == NULL) wait_until(UINT64_MAX);
    struct event *event = teller->first;
    teller->first = event->next;
    if (teller->first == NULL) teller->end = &teller->first;
    if (event->kind == KIND_OPERATION) call_operation(event);
    else call_listener(event);
    free(event->data);
    free(event);
  }
}

static void run_tellers(void) {
  if (tellers_run) return;
  tellers_run = true;
  for (size_t index = 0; index < TELLERS; index++) {
    tellers[index].end = &tellers[index].first;
    start_thread(run_teller, &tellers[index]);
  }
}

static void enqueue(const struct object *target, uint32_t type, const wide *data, handle operation) {
  run_tellers();
  struct event *event = malloc(sizeof *event);
  if (event == NULL) abort();
  *event = (struct event){.target = target->handle, .kind = target->kind, .type = type, .operation = operation};
  event->data = copy_text(data);
  struct teller *teller = &tellers[(target->handle >> 4) % TELLERS];
  *teller->end = event;
  teller->end = &event->next;
  wake_all();
}

static bool listens_to(const struct object *object, handle target) {
  const struct listener *listener = &object->is.listener;
  if (object->kind != KIND_SYSTEM && object->kind != KIND_PROCESS && object->kind != KIND_CALLBACK) return false;
  if (listener->callback == NULL && listener->notification == NULL) return false;
  return target == 0 || object->handle == target || listener->target == target;
}

void tell(handle target, uint32_t type, const wide *data, handle operation) {
  for (size_t position = 0; position < object_places(); position++) {
    const struct object *object = object_at(position);
    if (object != NULL && listens_to(object, target)) enqueue(object, type, data, operation);
  }
}

void tell_operation(handle value) {
  const struct object *object = peek_object(value, KIND_OPERATION);
  if (object->is.operation.callback != NULL) {
    enqueue(object, 0, NULL, value);
    return;
  }
  const struct object *system = peek_object(object->is.operation.system, KIND_SYSTEM);
  bool wants = system != NULL && (system->is.listener.options & ENABLE_OPERATION_CALLBACKS) != 0;
  if (wants && listens_to(system, system->handle)) enqueue(system, EVENT_OPERATION_CALLBACK, NULL, value);
}

void wait_for_callback(handle value, enum kind kind) {
  for (;;) {
    const struct object *object = peek_object(value, kind);
    if (object == NULL || object->is.listener.running_on == 0) return;
    if (object->is.listener.running_on == this_thread()) return;
    wait_until(UINT64_MAX);
  }
}
