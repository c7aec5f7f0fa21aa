/* What the core wants of the system that it runs on. */
#ifndef PLATFORM_H
#define PLATFORM_H

#include "standin.h"

/* The one lock, and the one condition that goes with it. */
CORE void lock(void);
CORE void unlock(void);
CORE void wake_all(void);
/* Waits for a wake; false when `deadline` (of `deadline_in`) passed. */
CORE bool wait_until(uint64_t deadline);
/* When `milliseconds` will have passed; FOREVER never does. */
CORE uint64_t deadline_in(uint32_t milliseconds);

void start_thread(void (*run)(void *argument), void *argument);
CORE uint64_t this_thread(void);

typedef intptr_t connection;
#define NOT_CONNECTED ((connection)-1)

connection connect_to(uint16_t port);
bool send_bytes(connection to, const void *bytes, size_t length);
bool receive_bytes(connection from, void *bytes, size_t length);
/* Makes whoever receives stop. */
void cut(connection which);
void close_connection(connection which);

/* The port that the environment names; 0: none. */
uint16_t environment_port(void);

void *allocate(enum allocator allocator, size_t size);
void release(enum allocator allocator, void *memory);
/* For memory that the core did not give; false where the system has no such function. */
bool release_foreign(enum allocator allocator, void *memory);
bool close_foreign(handle value);

void set_last_error(uint32_t code);
uint32_t last_error(void);

#endif
