/* What becomes of an operation when the service has answered. */
#include "platform.h"

/* Where the handle of the process stands in the reply, then its id and a bit for each of its pipes. */
static void take_process(struct operation *operation, const struct reply *reply) {
  handle process = reply_number(reply, 1);
  uint64_t pipes = reply_number(reply, 3);
  if (process == 0) return;
  operation->process = process;
  operation->has_process_information = true;
  operation->information = (struct process_information){
      .process_id = (uint32_t)reply_number(reply, 2),
      .std_input = (pipes & 1) != 0 ? add_pipe(process, 0) : 0,
      .std_output = (pipes & 2) != 0 ? add_pipe(process, 1) : 0,
      .std_error = (pipes & 4) != 0 ? add_pipe(process, 2) : 0,
  };
}

void complete_operation(handle value, const struct reply *reply) {
  struct object *object = peek_object(value, KIND_OPERATION);
  if (object == NULL) return;
  struct operation *operation = &object->is.operation;
  operation->progress = DONE;
  operation->code = reply->code;
  operation->document = copy_text(reply_text(reply, 0));
  if (!FAILED(reply->code)) take_process(operation, reply);
  wake_all();
  tell_operation(value);
}
