/*
 * The pipes of processes, as kernel32 and ntdll read and write them: at once, or overlapped. The service gives output
 * when it is asked for more, which is when all that came before is read; what is written is taken when it says so.
 */
#include <stdlib.h>
#include <string.h>

#include "platform.h"

#define STATUS_PENDING 0x103u
#define STATUS_INVALID_HANDLE 0xC0000008u
#define STATUS_PIPE_CLOSING 0xC00000B1u
#define STATUS_INSUFFICIENT_RESOURCES 0xC000009Au
#define STATUS_PIPE_BROKEN 0xC000014Bu
#define STATUS_CANCELLED 0xC0000120u
#define ERROR_INVALID_HANDLE 6u
#define ERROR_OPERATION_ABORTED 995u
#define ERROR_BROKEN_PIPE 109u
#define ERROR_NO_DATA 232u
#define ERROR_IO_INCOMPLETE 996u
#define ERROR_IO_PENDING 997u
#define ERROR_NOT_FOUND 1168u
#define ERROR_NO_SYSTEM_RESOURCES 1450u
#define NO_DATA CODE(0x800700E8)

/* OVERLAPPED begins with Internal, the status, and InternalHigh, the number of bytes. */
#define STATUS_OF(overlapped) (*(volatile uint64_t *)(overlapped))
#define BYTES_OF(overlapped) (*((volatile uint64_t *)(overlapped) + 1))

handle add_pipe(handle process, uint32_t stream) {
  struct object *object = add_object(KIND_PIPE);
  /* The service begins to give output by itself. */
  object->is.pipe = (struct pipe){.process = process, .stream = stream, .is_waiting = true};
  return object->handle;
}

static void finish(uint64_t *overlapped, uint32_t status, size_t bytes) {
  BYTES_OF(overlapped) = bytes;
  STATUS_OF(overlapped) = status;
}

static size_t take(struct pipe *pipe, uint8_t *buffer, size_t size) {
  size_t taken = size < pipe->length ? size : pipe->length;
  memcpy(buffer, pipe->bytes, taken);
  pipe->length -= taken;
  memmove(pipe->bytes, pipe->bytes + taken, pipe->length);
  if (pipe->length == 0 && !pipe->ended && !pipe->is_waiting) {
    pipe->is_waiting = true;
    post("PipeRead", "nn", pipe->process, (uint64_t)pipe->stream);
  }
  return taken;
}

static void drop_transfer(struct transfers *transfers, uint32_t index) {
  transfers->count--;
  for (; index < transfers->count; index++) transfers->all[index] = transfers->all[index + 1];
}

static void serve_reads(struct pipe *pipe) {
  while (pipe->reads.count > 0 && (pipe->length > 0 || pipe->ended)) {
    struct transfer read = pipe->reads.all[0];
    size_t taken = pipe->length > 0 ? take(pipe, read.buffer, read.size) : 0;
    drop_transfer(&pipe->reads, 0);
    finish(read.status, taken > 0 ? OK : STATUS_PIPE_BROKEN, taken);
  }
  wake_all();
}

void complete_write(handle value, uint64_t call, hresult code) {
  struct object *object = peek_object(value, KIND_PIPE);
  if (object == NULL) return;
  struct transfers *writes = &object->is.pipe.writes;
  for (uint32_t index = 0; index < writes->count; index++) {
    struct transfer write = writes->all[index];
    if (write.call != call) continue;
    uint32_t status = code == NO_DATA ? STATUS_PIPE_CLOSING : STATUS_PIPE_BROKEN;
    drop_transfer(writes, index);
    finish(write.status, FAILED(code) ? status : OK, FAILED(code) ? 0 : write.size);
    break;
  }
  wake_all();
}

static bool is_pipe_of(const struct object *object, handle process) {
  return object != NULL && object->kind == KIND_PIPE && (process == 0 || object->is.pipe.process == process);
}

void feed_pipe(handle process, uint32_t stream, const uint8_t *bytes, size_t length) {
  for (size_t position = 0; position < object_places(); position++) {
    struct object *object = object_at(position);
    if (!is_pipe_of(object, process) || object->is.pipe.stream != stream) continue;
    struct pipe *pipe = &object->is.pipe;
    uint8_t *grown = realloc(pipe->bytes, pipe->length + length + 1);
    if (grown == NULL) abort();
    memcpy(grown + pipe->length, bytes, length);
    pipe->bytes = grown;
    pipe->length += length;
    pipe->is_waiting = false;
    serve_reads(pipe);
  }
}

void end_pipes(handle process, uint32_t stream) {
  for (size_t position = 0; position < object_places(); position++) {
    struct object *object = object_at(position);
    if (!is_pipe_of(object, process)) continue;
    if (stream != ALL_STREAMS && object->is.pipe.stream != stream) continue;
    object->is.pipe.ended = true;
    serve_reads(&object->is.pipe);
  }
}

static void cancel(struct transfers *transfers, const uint64_t *status) {
  for (uint32_t index = transfers->count; index-- > 0;) {
    struct transfer transfer = transfers->all[index];
    if (status != NULL && transfer.status != status) continue;
    drop_transfer(transfers, index);
    finish(transfer.status, STATUS_CANCELLED, 0);
  }
  wake_all();
}

bool close_pipe(handle value) {
  struct object *object = peek_object(value, KIND_PIPE);
  if (object == NULL) return false;
  struct pipe *pipe = &object->is.pipe;
  cancel(&pipe->reads, NULL);
  cancel(&pipe->writes, NULL);
  post("PipeClose", "nn", pipe->process, (uint64_t)pipe->stream);
  drop_object(object);
  return true;
}

static int32_t fails_with(uint32_t error) {
  unlock();
  set_last_error(error);
  return 0;
}

static int32_t succeeds(void) {
  unlock();
  return 1;
}

/* One that fails at once leaves its status as it was. Gives an NTSTATUS. */
static uint32_t begin_read(struct pipe *pipe, uint8_t *buffer, uint32_t size, uint64_t *status) {
  if (pipe->length == 0 && pipe->ended) return STATUS_PIPE_BROKEN;
  if (pipe->length == 0 && pipe->reads.count == MAX_TRANSFERS) return STATUS_INSUFFICIENT_RESOURCES;
  finish(status, STATUS_PENDING, 0);
  pipe->reads.all[pipe->reads.count++] = (struct transfer){.status = status, .buffer = buffer, .size = size};
  serve_reads(pipe);
  return (uint32_t)STATUS_OF(status);
}

static uint32_t begin_write(struct object *object, const uint8_t *bytes, uint32_t size, uint64_t *status) {
  struct pipe *pipe = &object->is.pipe;
  if (pipe->ended) return STATUS_PIPE_CLOSING;
  if (pipe->writes.count == MAX_TRANSFERS) return STATUS_INSUFFICIENT_RESOURCES;
  uint64_t call =
      start_write("PipeWrite", object->handle, "nnb", pipe->process, (uint64_t)pipe->stream, bytes, size);
  if (call == 0) return STATUS_PIPE_BROKEN;
  finish(status, STATUS_PENDING, 0);
  pipe->writes.all[pipe->writes.count++] = (struct transfer){.status = status, .size = size, .call = call};
  return STATUS_PENDING;
}

static uint32_t error_of(uint32_t status) {
  switch (status) {
    case STATUS_PENDING:
      return ERROR_IO_PENDING;
    case STATUS_PIPE_BROKEN:
      return ERROR_BROKEN_PIPE;
    case STATUS_PIPE_CLOSING:
      return ERROR_NO_DATA;
    case STATUS_INSUFFICIENT_RESOURCES:
      return ERROR_NO_SYSTEM_RESOURCES;
    default:
      return ERROR_OPERATION_ABORTED;
  }
}

/* What ReadFile and WriteFile make of a transfer that has begun; without an OVERLAPPED, they wait for its end. */
static int32_t ended_with(uint32_t status, uint32_t *bytes, void *overlapped, const uint64_t *own) {
  while (overlapped == NULL && status == STATUS_PENDING) {
    wait_until(UINT64_MAX);
    status = (uint32_t)STATUS_OF(own);
  }
  if (status != OK) return fails_with(error_of(status));
  if (bytes != NULL) *bytes = (uint32_t)BYTES_OF(own);
  return succeeds();
}

CORE int32_t OF_WINDOWS(ReadFile)(handle file, void *buffer, uint32_t size, uint32_t *read, void *overlapped);
CORE int32_t OF_WINDOWS(ReadFile)(handle file, void *buffer, uint32_t size, uint32_t *read, void *overlapped) {
  uint64_t waited[2] = {0};
  uint64_t *status = overlapped == NULL ? waited : overlapped;
  lock();
  struct object *object = find_object(file, KIND_PIPE);
  if (object == NULL) return fails_with(ERROR_INVALID_HANDLE);
  if (overlapped != NULL) finish(status, STATUS_PENDING, 0);
  return ended_with(begin_read(&object->is.pipe, buffer, size, status), read, overlapped, status);
}

CORE int32_t OF_WINDOWS(WriteFile)(handle file, const void *bytes, uint32_t size, uint32_t *written, void *overlapped);
CORE int32_t OF_WINDOWS(WriteFile)(handle file, const void *bytes, uint32_t size, uint32_t *written, void *overlapped) {
  uint64_t waited[2] = {0};
  uint64_t *status = overlapped == NULL ? waited : overlapped;
  lock();
  struct object *object = find_object(file, KIND_PIPE);
  if (object == NULL || bytes == NULL) return fails_with(ERROR_INVALID_HANDLE);
  if (overlapped != NULL) finish(status, STATUS_PENDING, 0);
  return ended_with(begin_write(object, bytes, size, status), written, overlapped, status);
}

/* Overlapped always; `event`, `apc`, `offset` and `key` mean nothing for a pipe. */
CORE int32_t OF_WINDOWS(NtReadFile)(handle file, handle event, handle apc, handle context, uint64_t *status,
                                    void *buffer, uint32_t size, const uint64_t *offset, handle key);
CORE int32_t OF_WINDOWS(NtReadFile)(handle file, handle event, handle apc, handle context, uint64_t *status,
                                    void *buffer, uint32_t size, const uint64_t *offset, handle key) {
  (void)event, (void)apc, (void)context, (void)offset, (void)key;
  lock();
  struct object *object = find_object(file, KIND_PIPE);
  uint32_t begun = object == NULL ? STATUS_INVALID_HANDLE : begin_read(&object->is.pipe, buffer, size, status);
  unlock();
  return (int32_t)begun;
}

CORE int32_t OF_WINDOWS(NtWriteFile)(handle file, handle event, handle apc, handle context, uint64_t *status,
                                     const void *bytes, uint32_t size, const uint64_t *offset, handle key);
CORE int32_t OF_WINDOWS(NtWriteFile)(handle file, handle event, handle apc, handle context, uint64_t *status,
                                     const void *bytes, uint32_t size, const uint64_t *offset, handle key) {
  (void)event, (void)apc, (void)context, (void)offset, (void)key;
  lock();
  struct object *object = find_object(file, KIND_PIPE);
  uint32_t begun = object == NULL ? STATUS_INVALID_HANDLE : begin_write(object, bytes, size, status);
  unlock();
  return (int32_t)begun;
}

CORE int32_t OF_WINDOWS(PeekNamedPipe)(handle file, void *buffer, uint32_t size, uint32_t *read, uint32_t *available,
                                  uint32_t *left);
CORE int32_t OF_WINDOWS(PeekNamedPipe)(handle file, void *buffer, uint32_t size, uint32_t *read, uint32_t *available,
                                  uint32_t *left) {
  lock();
  struct object *object = find_object(file, KIND_PIPE);
  if (object == NULL) return fails_with(ERROR_INVALID_HANDLE);
  const struct pipe *pipe = &object->is.pipe;
  if (pipe->length == 0 && pipe->ended) return fails_with(ERROR_BROKEN_PIPE);
  size_t seen = size < pipe->length ? size : pipe->length;
  if (buffer != NULL) memcpy(buffer, pipe->bytes, seen);
  if (read != NULL) *read = buffer == NULL ? 0 : (uint32_t)seen;
  if (available != NULL) *available = (uint32_t)pipe->length;
  if (left != NULL) *left = 0;
  return succeeds();
}

CORE int32_t OF_WINDOWS(GetOverlappedResult)(handle file, void *overlapped, uint32_t *transferred, int32_t wait);
CORE int32_t OF_WINDOWS(GetOverlappedResult)(handle file, void *overlapped, uint32_t *transferred, int32_t wait) {
  (void)file;
  lock();
  while (wait != 0 && STATUS_OF(overlapped) == STATUS_PENDING) wait_until(UINT64_MAX);
  uint64_t status = STATUS_OF(overlapped);
  if (transferred != NULL) *transferred = (uint32_t)BYTES_OF(overlapped);
  if (status == STATUS_PENDING) return fails_with(ERROR_IO_INCOMPLETE);
  return status == OK ? succeeds() : fails_with(error_of((uint32_t)status));
}

CORE int32_t OF_WINDOWS(CancelIoEx)(handle file, void *overlapped);
CORE int32_t OF_WINDOWS(CancelIoEx)(handle file, void *overlapped) {
  lock();
  struct object *object = find_object(file, KIND_PIPE);
  if (object == NULL) return fails_with(ERROR_INVALID_HANDLE);
  struct pipe *pipe = &object->is.pipe;
  if (pipe->reads.count + pipe->writes.count == 0) return fails_with(ERROR_NOT_FOUND);
  cancel(&pipe->reads, overlapped);
  cancel(&pipe->writes, overlapped);
  return succeeds();
}

CORE int32_t OF_WINDOWS(CloseHandle)(handle value);
CORE int32_t OF_WINDOWS(CloseHandle)(handle value) {
  lock();
  if (close_pipe(value)) return succeeds();
  unlock();
  if (close_foreign(value)) return 1;
  lock();
  counters.bad_handles++;
  return fails_with(ERROR_INVALID_HANDLE);
}
