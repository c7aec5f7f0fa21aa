/* The connection of the process to the service, and the calls that wait for an answer. */
#include "connection.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "frame.h"
#include "platform.h"

struct call {
  uint64_t id;
  bool of_compute_service;
  /* The operation or the pipe that the call is for; neither: somebody waits for `reply`. */
  handle operation;
  handle pipe;
  struct reply *reply;
  bool is_answered;
  struct call *next;
};

static struct call *calls;
static connection current = NOT_CONNECTED;
static uint64_t connection_number;
static uint64_t last_id;
static uint16_t chosen_port;

static void answer(struct call *call, struct reply *reply) {
  counters.calls_in_flight--;
  if (call->operation == 0 && call->pipe == 0) {
    *call->reply = *reply;
    call->is_answered = true;
    wake_all();
    return;
  }
  if (call->pipe != 0) complete_write(call->pipe, call->id, reply->code);
  else complete_operation(call->operation, reply);
  drop_reply(reply);
  free(call);
}

static struct call *take_call(uint64_t id) {
  for (struct call **link = &calls; *link != NULL; link = &(*link)->next) {
    struct call *call = *link;
    if (call->id != id) continue;
    *link = call->next;
    return call;
  }
  return NULL;
}

/* Whoever waits is answered, whoever listens is told. */
static void lose_connection(void) {
  current = NOT_CONNECTED;
  connection_number++;
  while (calls != NULL) {
    struct call *call = take_call(calls->id);
    struct reply lost = {.code = call->of_compute_service ? SERVICE_DISCONNECT : CALL_FAILED};
    answer(call, &lost);
  }
  end_pipes(0, ALL_STREAMS);
  tell(0, EVENT_SERVICE_DISCONNECT, NULL, 0);
}

/* The frame becomes the answer's, or is given back. */
static void take_frame(struct reply *frame) {
  struct call *call;
  uint32_t length;
  const uint8_t *bytes;
  switch (frame_kind_of(frame)) {
    case FRAME_REPLY:
      frame->code = frame_code(frame);
      call = take_call(frame_id(frame));
      if (call != NULL) answer(call, frame);
      else drop_reply(frame);
      return;
    case FRAME_EVENT:
      tell(frame_id(frame), (uint32_t)frame_code(frame), reply_text(frame, 0), 0);
      break;
    case FRAME_OUTPUT:
      bytes = reply_bytes(frame, 0, &length);
      feed_pipe(frame_id(frame), (uint32_t)frame_code(frame), bytes, length);
      break;
    case FRAME_OUTPUT_END:
      end_pipes(frame_id(frame), (uint32_t)frame_code(frame));
      break;
    default:
      break;
  }
  drop_reply(frame);
}

struct reader {
  connection from;
  uint64_t number;
};

static bool receive_frame(connection from, struct reply *frame) {
  uint32_t length;
  *frame = (struct reply){0};
  if (!receive_bytes(from, &length, sizeof length)) return false;
  frame->frame = malloc(length);
  frame->size = length;
  if (frame->frame != NULL && receive_bytes(from, frame->frame, length)) return true;
  free(frame->frame);
  return false;
}

static void read_frames(void *given) {
  struct reader reader = *(struct reader *)given;
  struct reply frame;
  free(given);
  while (receive_frame(reader.from, &frame)) {
    lock();
    if (reader.number == connection_number) take_frame(&frame);
    else drop_reply(&frame);
    unlock();
  }
  lock();
  if (reader.number == connection_number) lose_connection();
  close_connection(reader.from);
  unlock();
}

static bool is_connected(void) {
  if (current != NOT_CONNECTED) return true;
  uint16_t port = chosen_port != 0 ? chosen_port : environment_port();
  if (port == 0) return false;
  current = connect_to(port);
  if (current == NOT_CONNECTED) return false;
  /* How the service tells a process from whoever controls it. */
  send_bytes(current, "SLIP", 4);
  struct reader *reader = malloc(sizeof *reader);
  if (reader == NULL) abort();
  *reader = (struct reader){.from = current, .number = connection_number};
  start_thread(read_frames, reader);
  return true;
}

void connect_from_now_on(uint16_t port) {
  if (current != NOT_CONNECTED) {
    cut(current);
    lose_connection();
  }
  chosen_port = port;
}

static void send_call(struct call *call, const char *function, const char *fields, va_list arguments) {
  struct frame frame = call_frame(call->id, function, fields, arguments);
  call->next = calls;
  calls = call;
  counters.calls_in_flight++;
  /* A connection that does not take it is lost: whoever reads from it notices, and answers the call. */
  if (!send_bytes(current, frame.bytes, frame.length)) cut(current);
  free(frame.bytes);
}

static bool goes_to_compute_service(const char *function) { return strncmp(function, "Hcs", 3) == 0; }

hresult ask(const char *function, struct reply *reply, const char *fields, ...) {
  va_list arguments;
  *reply = (struct reply){.code = SERVER_UNAVAILABLE};
  lock();
  if (is_connected()) {
    struct call call = {.id = ++last_id, .of_compute_service = goes_to_compute_service(function), .reply = reply};
    va_start(arguments, fields);
    send_call(&call, function, fields, arguments);
    va_end(arguments);
    while (!call.is_answered) wait_until(UINT64_MAX);
  }
  unlock();
  return reply->code;
}

/* What speaks against using the operation for a call on `object`, which may be NULL. */
static hresult objection_to(const struct object *operation, const struct object *object) {
  if (operation == NULL) return BAD_HANDLE;
  if (operation->is.operation.progress == PENDING) return OPERATION_ALREADY_STARTED;
  bool own = operation->is.operation.callback != NULL;
  bool of_handle = object != NULL && (object->is.listener.options & ENABLE_OPERATION_CALLBACKS) != 0;
  if (own && of_handle) return CALLBACK_ALREADY_SET;
  return is_connected() ? OK : SERVER_UNAVAILABLE;
}

static void begin(struct operation *operation, int32_t type, const struct object *object) {
  free(operation->document);
  operation->document = NULL;
  operation->has_process_information = false;
  operation->progress = PENDING;
  operation->type = type;
  operation->id = last_id;
  operation->system = object != NULL && object->kind == KIND_SYSTEM ? object->handle : 0;
  operation->process = object != NULL && object->kind == KIND_PROCESS ? object->handle : 0;
}

hresult start(const char *function, handle operation, int32_t type, struct object *object, const char *fields, ...) {
  va_list arguments;
  struct object *found = find_object(operation, KIND_OPERATION);
  hresult objection = objection_to(found, object);
  if (objection != OK) return objection;
  struct call *call = malloc(sizeof *call);
  if (call == NULL) return OUT_OF_MEMORY;
  *call = (struct call){.id = ++last_id, .of_compute_service = true, .operation = operation};
  begin(&found->is.operation, type, object);
  va_start(arguments, fields);
  send_call(call, function, fields, arguments);
  va_end(arguments);
  return OK;
}

void post(const char *function, const char *fields, ...) {
  if (current == NOT_CONNECTED) return;
  va_list arguments;
  va_start(arguments, fields);
  struct frame frame = call_frame(0, function, fields, arguments);
  va_end(arguments);
  if (!send_bytes(current, frame.bytes, frame.length)) cut(current);
  free(frame.bytes);
}

uint64_t start_write(const char *function, handle pipe, const char *fields, ...) {
  struct call *call = current == NOT_CONNECTED ? NULL : malloc(sizeof *call);
  if (call == NULL) return 0;
  va_list arguments;
  *call = (struct call){.id = ++last_id, .pipe = pipe};
  va_start(arguments, fields);
  send_call(call, function, fields, arguments);
  va_end(arguments);
  return call->id;
}
