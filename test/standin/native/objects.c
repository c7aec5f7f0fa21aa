/* Handles: a place in a table, and how often that place was taken, so that one that was closed names nothing. */
#include <stdlib.h>

#include "standin.h"

struct place {
  struct object *object;
  uint32_t generation;
};

static struct place *places;
static size_t place_count;
static size_t first_free;

struct counters counters;

static size_t free_place(void) {
  for (; first_free < place_count; first_free++) {
    if (places[first_free].object == NULL) return first_free;
  }
  size_t more = place_count == 0 ? 64 : place_count * 2;
  struct place *grown = realloc(places, more * sizeof *grown);
  if (grown == NULL) abort();
  places = grown;
  for (size_t position = place_count; position < more; position++) places[position] = (struct place){0};
  place_count = more;
  return first_free;
}

struct object *add_object(enum kind kind) {
  size_t position = free_place();
  struct place *place = &places[position];
  struct object *object = calloc(1, sizeof *object);
  if (object == NULL) abort();
  place->generation++;
  object->kind = kind;
  object->handle = ((uint64_t)place->generation << 28) | ((uint64_t)position << 4) | kind;
  place->object = object;
  return object;
}

static size_t position_of(handle value) { return (size_t)(value >> 4) & 0xFFFFFF; }

struct object *peek_object(handle value, enum kind kind) {
  size_t position = position_of(value);
  struct object *object = position < place_count ? places[position].object : NULL;
  return object != NULL && object->handle == value && object->kind == kind ? object : NULL;
}

struct object *find_object(handle value, enum kind kind) {
  struct object *object = peek_object(value, kind);
  if (object == NULL) counters.bad_handles++;
  return object;
}

struct object *object_at(size_t position) { return places[position].object; }

size_t object_places(void) { return place_count; }

void drop_object(struct object *object) {
  size_t position = position_of(object->handle);
  if (object->kind == KIND_OPERATION) free(object->is.operation.document);
  if (object->kind == KIND_PIPE) free(object->is.pipe.bytes);
  places[position].object = NULL;
  if (position < first_free) first_free = position;
  free(object);
}

void drop_all_objects(void) {
  for (size_t position = 0; position < place_count; position++) {
    if (places[position].object != NULL) drop_object(places[position].object);
  }
}
