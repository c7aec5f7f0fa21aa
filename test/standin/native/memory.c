/* Text that was handed out: which function frees it, and whether it was freed already. */
#include <stdlib.h>
#include <string.h>

#include "platform.h"

struct text {
  void *memory;
  enum allocator allocator;
};

/* Freed text keeps its memory for a while, so that a second free of it is known for what it is. */
#define REMEMBERED 1024

static struct text *given;
static size_t given_count;
static size_t given_capacity;
static struct text freed[REMEMBERED];
static size_t next_freed;

size_t wide_length(const wide *text) {
  size_t length = 0;
  while (text[length] != 0) length++;
  return length;
}

wide *copy_text(const wide *text) {
  if (text == NULL) return NULL;
  size_t size = (wide_length(text) + 1) * sizeof *text;
  wide *copy = malloc(size);
  if (copy != NULL) memcpy(copy, text, size);
  return copy;
}

wide *give_text(const wide *text, enum allocator allocator) {
  if (text == NULL) return NULL;
  size_t size = (wide_length(text) + 1) * sizeof *text;
  wide *copy = allocate(allocator, size);
  if (copy == NULL) return NULL;
  memcpy(copy, text, size);
  if (given_count == given_capacity) {
    given_capacity = given_capacity == 0 ? 64 : given_capacity * 2;
    given = realloc(given, given_capacity * sizeof *given);
    if (given == NULL) abort();
  }
  given[given_count++] = (struct text){.memory = copy, .allocator = allocator};
  return copy;
}

void hand_out(wide **out, const wide *text, enum allocator allocator) {
  if (out != NULL) *out = give_text(text, allocator);
}

size_t texts_given(void) { return given_count; }

static void keep_for_a_while(struct text text) {
  struct text *place = &freed[next_freed++ % REMEMBERED];
  if (place->memory != NULL) release(place->allocator, place->memory);
  *place = text;
}

void forget_texts(void) {
  while (given_count > 0) keep_for_a_while(given[--given_count]);
}

static bool was_freed(const void *memory) {
  for (size_t index = 0; index < REMEMBERED; index++) {
    if (freed[index].memory == memory) return true;
  }
  return false;
}

/* False when the memory is not the core's. */
static bool take_back(void *memory, enum allocator allocator) {
  for (size_t index = given_count; index-- > 0;) {
    if (given[index].memory != memory) continue;
    if (given[index].allocator != allocator) {
      counters.wrong_frees++;
      return true;
    }
    keep_for_a_while(given[index]);
    given[index] = given[--given_count];
    return true;
  }
  if (!was_freed(memory)) return false;
  counters.double_frees++;
  return true;
}

static void free_text(void *memory, enum allocator allocator) {
  if (memory == NULL) return;
  lock();
  bool ours = take_back(memory, allocator);
  unlock();
  if (ours || release_foreign(allocator, memory)) return;
  lock();
  counters.wrong_frees++;
  unlock();
}

CORE void *OF_WINDOWS(LocalFree)(void *memory);
CORE void *OF_WINDOWS(LocalFree)(void *memory) {
  free_text(memory, LOCAL_ALLOC);
  return NULL;
}

CORE void OF_WINDOWS(CoTaskMemFree)(void *memory);
CORE void OF_WINDOWS(CoTaskMemFree)(void *memory) { free_text(memory, CO_TASK_MEM); }
