/* What else a host binds of kernel32 and ntdll. */
#include <string.h>

#include "platform.h"

CORE int32_t OF_WINDOWS(lstrlenW)(const wide *text);
CORE int32_t OF_WINDOWS(lstrlenW)(const wide *text) { return text == NULL ? 0 : (int32_t)wide_length(text); }

CORE void OF_WINDOWS(RtlMoveMemory)(void *to, const void *from, size_t length);
CORE void OF_WINDOWS(RtlMoveMemory)(void *to, const void *from, size_t length) { memmove(to, from, length); }

CORE uint32_t OF_WINDOWS(GetLastError)(void);
CORE uint32_t OF_WINDOWS(GetLastError)(void) { return last_error(); }

/* RTL_OSVERSIONINFOW, of which a host looks at the numbers. */
struct version {
  uint32_t size;
  uint32_t major;
  uint32_t minor;
  uint32_t build;
  uint32_t platform;
  wide service_pack[128];
};

CORE int32_t OF_WINDOWS(RtlGetVersion)(struct version *version);
CORE int32_t OF_WINDOWS(RtlGetVersion)(struct version *version) {
  struct reply reply;
  hresult code = ask("RtlGetVersion", &reply, "");
  if (!FAILED(code)) {
    version->major = 10;
    version->minor = 0;
    version->build = (uint32_t)reply_number(&reply, 0);
    version->platform = 2;
    version->service_pack[0] = 0;
  }
  drop_reply(&reply);
  return code;
}
