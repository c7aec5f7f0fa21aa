/*
 * What goes over the connection, little-endian: u32 length of what follows; u8 kind; u64 id; i32 code; u8 length of a
 * name; the name in ASCII; u8 number of fields; the fields. A field is u8 type, then for a number u64, for text and
 * bytes u32 length in bytes and what it says.
 */
#ifndef FRAME_H
#define FRAME_H

#include <stdarg.h>

#include "standin.h"

enum frame_kind { FRAME_CALL = 1, FRAME_REPLY, FRAME_EVENT, FRAME_OUTPUT, FRAME_OUTPUT_END };
enum field_type { FIELD_NONE, FIELD_NUMBER, FIELD_TEXT, FIELD_BYTES };

struct frame {
  uint8_t *bytes;
  size_t length;
};

/* The frame of a call; the caller frees its bytes. */
struct frame call_frame(uint64_t id, const char *function, const char *fields, va_list arguments);

enum frame_kind frame_kind_of(const struct reply *frame);
uint64_t frame_id(const struct reply *frame);
hresult frame_code(const struct reply *frame);

#endif
