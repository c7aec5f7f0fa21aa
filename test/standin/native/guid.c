/* A GUID in memory is little-endian up to its fourth part. */
#include "standin.h"

static const uint8_t ORDER[] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};

static bool begins_part(size_t index) { return index == 4 || index == 6 || index == 8 || index == 10; }

const wide *guid_text(const uint8_t guid[16], wide text[GUID_LENGTH]) {
  static const char DIGITS[] = "0123456789abcdef";
  size_t at = 0;
  for (size_t index = 0; index < sizeof ORDER; index++) {
    if (begins_part(index)) text[at++] = '-';
    text[at++] = (wide)DIGITS[guid[ORDER[index]] >> 4];
    text[at++] = (wide)DIGITS[guid[ORDER[index]] & 15];
  }
  text[at] = 0;
  return text;
}

static uint8_t value_of(wide digit) {
  return (uint8_t)(digit <= '9' ? digit - '0' : (digit | 32) - 'a' + 10);
}

void guid_of(const wide *text, uint8_t guid[16]) {
  for (size_t index = 0; index < sizeof ORDER; index++) {
    if (begins_part(index)) text++;
    guid[ORDER[index]] = (uint8_t)(value_of(text[0]) << 4 | value_of(text[1]));
    text += 2;
  }
}
