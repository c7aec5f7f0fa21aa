/*
 * What the stand-in libraries share. Everything is guarded by one lock; a process has one connection to the service.
 * Handles and pointers are 64 bits, text is UTF-16, on every platform.
 */
#ifndef STANDIN_H
#define STANDIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#define EXPORT __declspec(dllexport)
#if defined(STANDIN_CORE)
#define CORE __declspec(dllexport)
#else
#define CORE __declspec(dllimport)
#endif
/* The core may not define a function under the name of one that it imports: the .def file gives it that name. */
#define OF_WINDOWS(name) StandIn##name
#else
#define EXPORT __attribute__((visibility("default")))
#define CORE EXPORT
#define OF_WINDOWS(name) name
#endif

typedef uint16_t wide;
typedef int32_t hresult;
typedef uint64_t handle;

#define CODE(value) ((hresult)(value))
#define OK 0
#define FAILED(code) ((code) < 0)
#define NOT_IMPLEMENTED CODE(0x80004001)
#define BAD_POINTER CODE(0x80004003)
#define BAD_HANDLE CODE(0x80070006)
#define OUT_OF_MEMORY CODE(0x8007000E)
#define NOT_SUPPORTED CODE(0x80070032)
#define BAD_ARGUMENT CODE(0x80070057)
#define BUFFER_TOO_SMALL CODE(0x8007007A)
#define SERVER_UNAVAILABLE CODE(0x800706BA)
#define CALL_FAILED CODE(0x800706BE)
#define OPERATION_NOT_STARTED CODE(0x80370115)
#define OPERATION_ALREADY_STARTED CODE(0x80370116)
#define OPERATION_PENDING CODE(0x80370117)
#define OPERATION_TIMEOUT CODE(0x80370118)
#define CALLBACK_ALREADY_SET CODE(0x80370119)
#define PROCESS_INFO_NOT_AVAILABLE CODE(0x8037011D)
#define SERVICE_DISCONNECT CODE(0x8037011E)
#define FOREVER 0xFFFFFFFFu

/* --- handles ---------------------------------------------------------------------------------------------------- */

enum kind { KIND_SYSTEM = 1, KIND_PROCESS, KIND_OPERATION, KIND_NETWORK, KIND_PIPE, KIND_CALLBACK };

#define EVENT_OPERATION_CALLBACK 0x01000000u
#define EVENT_SERVICE_DISCONNECT 0x02000000u
#define ENABLE_OPERATION_CALLBACKS 1u

/* HCS_EVENT */
struct hcs_event {
  uint32_t type;
  const wide *data;
  handle operation;
};

typedef void (*event_callback)(struct hcs_event *event, void *context);
typedef void (*operation_callback)(handle operation, void *context);
/* HCS_NOTIFICATION_CALLBACK of vmcompute.dll */
typedef void (*notification_callback)(uint32_t type, void *context, hresult status, const wide *data);

/* HCS_PROCESS_INFORMATION */
struct process_information {
  uint32_t process_id;
  uint32_t reserved;
  handle std_input;
  handle std_output;
  handle std_error;
};

enum progress { NOT_STARTED, PENDING, DONE };

struct operation {
  enum progress progress;
  int32_t type;
  handle system;
  handle process;
  uint64_t id;
  hresult code;
  wide *document;
  bool has_process_information;
  struct process_information information;
  operation_callback callback;
  void *context;
};

/* A read or write that is on its way. */
struct transfer {
  uint64_t *status;
  uint8_t *buffer;
  uint32_t size;
  /* Of a write: the call that it is for the service. */
  uint64_t call;
};

#define MAX_TRANSFERS 4

struct transfers {
  struct transfer all[MAX_TRANSFERS];
  uint32_t count;
};

/* Input is stream 0, output 1, errors 2. */
struct pipe {
  handle process;
  uint32_t stream;
  uint8_t *bytes;
  size_t length;
  bool ended;
  /* The service was asked for more, and has not answered. */
  bool is_waiting;
  struct transfers reads;
  struct transfers writes;
};

/* Who is told of events: a system, a process, or a registration of vmcompute.dll for the system `target`. */
struct listener {
  event_callback callback;
  notification_callback notification;
  void *context;
  uint32_t options;
  handle target;
  /* The thread that is in the callback; 0: none. */
  uint64_t running_on;
};

struct object {
  handle handle;
  enum kind kind;
  union {
    struct listener listener;
    struct operation operation;
    struct pipe pipe;
  } is;
};

/* All of these want the lock. */
CORE struct object *add_object(enum kind kind);
/* NULL, counted as a use of a bad handle, when there is none of that kind. */
CORE struct object *find_object(handle value, enum kind kind);
/* The same without counting. */
struct object *peek_object(handle value, enum kind kind);
/* The object at a position below `object_places()`, or NULL. */
struct object *object_at(size_t position);
size_t object_places(void);
CORE void drop_object(struct object *object);
void drop_all_objects(void);

/* --- what is counted -------------------------------------------------------------------------------------------- */

struct counters {
  uint64_t double_frees;
  uint64_t wrong_frees;
  uint64_t bad_handles;
  uint64_t calls_in_flight;
};

extern struct counters counters;

/* The code with which this call of `function` is to fail; 0: it is not. */
CORE hresult injected_failure(const char *function);

#define FAIL_IF_INJECTED()                          \
  do {                                              \
    hresult injected = injected_failure(__func__);  \
    if (injected != OK) return injected;            \
  } while (0)

/* --- text ------------------------------------------------------------------------------------------------------- */

enum allocator { LOCAL_ALLOC = 1, CO_TASK_MEM };

CORE size_t wide_length(const wide *text);
/* A copy of the core's own, freed by free(); NULL for NULL. */
wide *copy_text(const wide *text);
/* A copy for the caller, who frees it by the functions of that allocator; NULL for NULL. Wants the lock. */
CORE wide *give_text(const wide *text, enum allocator allocator);
/* Hands a copy out, if there is text and a place for it. Wants the lock. */
CORE void hand_out(wide **out, const wide *text, enum allocator allocator);
size_t texts_given(void);
void forget_texts(void);

#define GUID_LENGTH 37

/* The text of a GUID in memory, in lower case and without braces. */
CORE const wide *guid_text(const uint8_t guid[16], wide text[GUID_LENGTH]);
/* The GUID of such a text. */
CORE void guid_of(const wide *text, uint8_t guid[16]);

/* --- the service ------------------------------------------------------------------------------------------------ */

struct reply {
  hresult code;
  uint8_t *frame;
  size_t size;
};

/*
 * Asks the service and waits. `fields`: a letter for each argument that follows, t for `const wide *` (may be NULL),
 * n for `uint64_t`, b for `const uint8_t *` and `uint32_t`. The reply is given back by `drop_reply`, whatever the code is. Does not want the lock.
 */
CORE hresult ask(const char *function, struct reply *reply, const char *fields, ...);
/* Asks, and is interested in the code alone. */
#define ASK(...)                                       \
  do {                                                 \
    struct reply reply;                                \
    hresult asked = ask(__func__, &reply, __VA_ARGS__); \
    drop_reply(&reply);                                \
    return asked;                                      \
  } while (0)
/* Has the service called for an operation, which completes when it answers. Wants the lock. */
CORE hresult start(const char *function, handle operation, int32_t type, struct object *object, const char *fields, ...);
/* Tells the service, which does not answer. Wants the lock. */
void post(const char *function, const char *fields, ...);
/* Has the service called for a write to a pipe; the number under which `complete_write` tells of it, 0 on failure. */
uint64_t start_write(const char *function, handle pipe, const char *fields, ...);
CORE void drop_reply(struct reply *reply);
/* A field of a reply, from 0: NULL or 0 where there is none. Valid until the reply is dropped. */
CORE const wide *reply_text(const struct reply *reply, unsigned index);
CORE uint64_t reply_number(const struct reply *reply, unsigned index);
const uint8_t *reply_bytes(const struct reply *reply, unsigned index, uint32_t *length);

/* The service answered for an operation; wants the lock. */
void complete_operation(handle operation, const struct reply *reply);

/* --- events ----------------------------------------------------------------------------------------------------- */

/* Tells whoever listens to `target`, or to anything when that is 0. Wants the lock. */
void tell(handle target, uint32_t type, const wide *data, handle operation);
/* Calls the callback of a completed operation. Wants the lock. */
void tell_operation(handle operation);
/* Waits until nobody is in the callback of a listener, unless that is the calling thread. Wants the lock. */
CORE void wait_for_callback(handle listener, enum kind kind);

/* --- pipes ------------------------------------------------------------------------------------------------------ */

#define ALL_STREAMS 3u

handle add_pipe(handle process, uint32_t stream);
void feed_pipe(handle process, uint32_t stream, const uint8_t *bytes, size_t length);
/* Of all processes, where `process` is 0. */
void end_pipes(handle process, uint32_t stream);
/* The service answered for a write. */
void complete_write(handle pipe, uint64_t call, hresult code);
CORE bool close_pipe(handle pipe);

#endif
