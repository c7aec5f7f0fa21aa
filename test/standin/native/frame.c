#include "frame.h"

#include <stdlib.h>
#include <string.h>

/* x64 and arm64 are little-endian: numbers are copied as they are. */

#define NAME_AT 13

static void put(struct frame *frame, const void *bytes, size_t length) {
  frame->bytes = realloc(frame->bytes, frame->length + length);
  if (frame->bytes == NULL) abort();
  memcpy(frame->bytes + frame->length, bytes, length);
  frame->length += length;
}

static void put_byte(struct frame *frame, size_t value) {
  uint8_t byte = (uint8_t)value;
  put(frame, &byte, 1);
}

static void put_text(struct frame *frame, const wide *text) {
  if (text == NULL) {
    put_byte(frame, FIELD_NONE);
    return;
  }
  uint32_t length = (uint32_t)(wide_length(text) * sizeof *text);
  put_byte(frame, FIELD_TEXT);
  put(frame, &length, sizeof length);
  put(frame, text, length);
}

static void put_number(struct frame *frame, uint64_t number) {
  put_byte(frame, FIELD_NUMBER);
  put(frame, &number, sizeof number);
}

static void put_bytes(struct frame *frame, const uint8_t *bytes, uint32_t length) {
  put_byte(frame, FIELD_BYTES);
  put(frame, &length, sizeof length);
  if (length > 0) put(frame, bytes, length);
}

struct frame call_frame(uint64_t id, const char *function, const char *fields, va_list arguments) {
  struct frame frame = {0};
  uint32_t length = 0;
  int32_t code = 0;
  put(&frame, &length, sizeof length);
  put_byte(&frame, FRAME_CALL);
  put(&frame, &id, sizeof id);
  put(&frame, &code, sizeof code);
  put_byte(&frame, strlen(function));
  put(&frame, function, strlen(function));
  put_byte(&frame, strlen(fields));
  for (; *fields != 0; fields++) {
    if (*fields == 't') {
      put_text(&frame, va_arg(arguments, const wide *));
    } else if (*fields == 'b') {
      const uint8_t *bytes = va_arg(arguments, const uint8_t *);
      put_bytes(&frame, bytes, va_arg(arguments, uint32_t));
    } else {
      put_number(&frame, va_arg(arguments, uint64_t));
    }
  }
  length = (uint32_t)(frame.length - sizeof length);
  memcpy(frame.bytes, &length, sizeof length);
  return frame;
}

enum frame_kind frame_kind_of(const struct reply *frame) { return (enum frame_kind)frame->frame[0]; }

uint64_t frame_id(const struct reply *frame) {
  uint64_t id;
  memcpy(&id, frame->frame + 1, sizeof id);
  return id;
}

hresult frame_code(const struct reply *frame) {
  hresult code;
  memcpy(&code, frame->frame + 9, sizeof code);
  return code;
}

void drop_reply(struct reply *reply) {
  free(reply->frame);
  *reply = (struct reply){.code = reply->code};
}

static size_t field_size(const uint8_t *field) {
  uint32_t length;
  if (field[0] == FIELD_NONE) return 1;
  if (field[0] == FIELD_NUMBER) return 1 + sizeof(uint64_t);
  memcpy(&length, field + 1, sizeof length);
  return 1 + sizeof length + length;
}

/* NULL when there is no such field of that type. */
static const uint8_t *field_of(const struct reply *reply, unsigned index, enum field_type type) {
  if (reply->frame == NULL) return NULL;
  const uint8_t *at = reply->frame + NAME_AT;
  at += 1 + *at;
  unsigned count = *at++;
  if (index >= count) return NULL;
  for (; index > 0; index--) at += field_size(at);
  return *at == type ? at : NULL;
}

/* The service ends text with a NUL; x64 and arm64 read it wherever it lies. */
const wide *reply_text(const struct reply *reply, unsigned index) {
  const uint8_t *field = field_of(reply, index, FIELD_TEXT);
  return field == NULL ? NULL : (const wide *)(const void *)(field + 1 + sizeof(uint32_t));
}

uint64_t reply_number(const struct reply *reply, unsigned index) {
  const uint8_t *field = field_of(reply, index, FIELD_NUMBER);
  uint64_t number = 0;
  if (field != NULL) memcpy(&number, field + 1, sizeof number);
  return number;
}

const uint8_t *reply_bytes(const struct reply *reply, unsigned index, uint32_t *length) {
  const uint8_t *field = field_of(reply, index, FIELD_BYTES);
  *length = 0;
  if (field == NULL) return NULL;
  memcpy(length, field + 1, sizeof *length);
  return field + 1 + sizeof *length;
}
