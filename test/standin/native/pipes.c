/* The pipes of processes, as kernel32 reads them: at once, or overlapped. */
#include <stdlib.h>
#include <string.h>

#include "platform.h"

#define STATUS_PENDING 0x103u
#define STATUS_PIPE_BROKEN 0xC000014Bu
#define STATUS_CANCELLED 0xC0000120u
#define ERROR_INVALID_HANDLE 6u
#define ERROR_OPERATION_ABORTED 995u
#define ERROR_BROKEN_PIPE 109u
#define ERROR_NO_DATA 232u
#define ERROR_IO_INCOMPLETE 996u
#define ERROR_IO_PENDING 997u
#define ERROR_NOT_FOUND 1168u

/* OVERLAPPED begins with Internal, the status, and InternalHigh, the number of bytes. */
#define STATUS_OF(overlapped) (*(volatile uint64_t *)(overlapped))
#define BYTES_OF(overlapped) (*((volatile uint64_t *)(overlapped) + 1))

handle add_pipe(handle process, uint32_t stream) {
  struct object *object = add_object(KIND_PIPE);
  object->is.pipe = (struct pipe){.process = process, .stream = stream};
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
  return taken;
}

static void drop_read(struct pipe *pipe, uint32_t index) {
  pipe->read_count--;
  for (; index < pipe->read_count; index++) pipe->reads[index] = pipe->reads[index + 1];
}

static void serve_reads(struct pipe *pipe) {
  while (pipe->read_count > 0 && (pipe->length > 0 || pipe->ended)) {
    struct overlapped_read read = pipe->reads[0];
    size_t taken = pipe->length > 0 ? take(pipe, read.buffer, read.size) : 0;
    drop_read(pipe, 0);
    finish(read.overlapped, taken > 0 ? OK : STATUS_PIPE_BROKEN, taken);
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
    serve_reads(pipe);
  }
}

void end_pipes(handle process) {
  for (size_t position = 0; position < object_places(); position++) {
    struct object *object = object_at(position);
    if (!is_pipe_of(object, process)) continue;
    object->is.pipe.ended = true;
    serve_reads(&object->is.pipe);
  }
}

static void cancel_reads(struct pipe *pipe, const uint64_t *overlapped) {
  for (uint32_t index = pipe->read_count; index-- > 0;) {
    struct overlapped_read read = pipe->reads[index];
    if (overlapped != NULL && read.overlapped != overlapped) continue;
    drop_read(pipe, index);
    finish(read.overlapped, STATUS_CANCELLED, 0);
  }
  wake_all();
}

bool close_pipe(handle value) {
  struct object *object = peek_object(value, KIND_PIPE);
  if (object == NULL) return false;
  cancel_reads(&object->is.pipe, NULL);
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

/* One that fails at once leaves `Internal` at STATUS_PENDING, as Windows does. */
static int32_t read_overlapped(struct pipe *pipe, uint8_t *buffer, uint32_t size, uint32_t *read, uint64_t *overlapped) {
  finish(overlapped, STATUS_PENDING, 0);
  if (pipe->length > 0) {
    size_t taken = take(pipe, buffer, size);
    finish(overlapped, OK, taken);
    if (read != NULL) *read = (uint32_t)taken;
    return succeeds();
  }
  if (pipe->ended) return fails_with(ERROR_BROKEN_PIPE);
  if (pipe->read_count == MAX_READS) return fails_with(ERROR_OPERATION_ABORTED);
  pipe->reads[pipe->read_count++] = (struct overlapped_read){overlapped, buffer, size};
  return fails_with(ERROR_IO_PENDING);
}

CORE int32_t OF_WINDOWS(ReadFile)(handle file, void *buffer, uint32_t size, uint32_t *read, void *overlapped);
CORE int32_t OF_WINDOWS(ReadFile)(handle file, void *buffer, uint32_t size, uint32_t *read, void *overlapped) {
  lock();
  struct object *object = find_object(file, KIND_PIPE);
  if (object == NULL) return fails_with(ERROR_INVALID_HANDLE);
  if (overlapped != NULL) return read_overlapped(&object->is.pipe, buffer, size, read, overlapped);
  while (object != NULL && object->is.pipe.length == 0 && !object->is.pipe.ended) {
    wait_until(UINT64_MAX);
    object = peek_object(file, KIND_PIPE);
  }
  if (object == NULL) return fails_with(ERROR_OPERATION_ABORTED);
  if (object->is.pipe.length == 0) return fails_with(ERROR_BROKEN_PIPE);
  size_t taken = take(&object->is.pipe, buffer, size);
  if (read != NULL) *read = (uint32_t)taken;
  return succeeds();
}

/* What is written to the input of a process is taken, and lost. */
CORE int32_t OF_WINDOWS(WriteFile)(handle file, const void *bytes, uint32_t size, uint32_t *written, void *overlapped);
CORE int32_t OF_WINDOWS(WriteFile)(handle file, const void *bytes, uint32_t size, uint32_t *written, void *overlapped) {
  lock();
  const struct object *object = find_object(file, KIND_PIPE);
  if (object == NULL || bytes == NULL) return fails_with(ERROR_INVALID_HANDLE);
  if (object->is.pipe.ended) return fails_with(ERROR_NO_DATA);
  if (written != NULL) *written = size;
  if (overlapped != NULL) finish(overlapped, OK, size);
  return succeeds();
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
  if (status == STATUS_PIPE_BROKEN) return fails_with(ERROR_BROKEN_PIPE);
  return status == OK ? succeeds() : fails_with(ERROR_OPERATION_ABORTED);
}

CORE int32_t OF_WINDOWS(CancelIoEx)(handle file, void *overlapped);
CORE int32_t OF_WINDOWS(CancelIoEx)(handle file, void *overlapped) {
  lock();
  struct object *object = find_object(file, KIND_PIPE);
  if (object == NULL) return fails_with(ERROR_INVALID_HANDLE);
  if (object->is.pipe.read_count == 0) return fails_with(ERROR_NOT_FOUND);
  cancel_reads(&object->is.pipe, overlapped);
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
