// Text and numbers for whoever watches, by ARM's semihosting; and the end of the program.

#include "semihosting.h"

static int call(int operation, const void *argument) {
  register int r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

void print(const char *text) { call(0x04, text); }

void print_length(const char *text, uint32_t length) {
  for (uint32_t i = 0; i < length; i++) call(0x03, &text[i]);
}

void print_number(uint64_t number) {
  char digits[24];
  char *at = digits + sizeof digits - 1;
  *at = 0;
  do *--at = (char)('0' + number % 10);
  while (number /= 10);
  print(at);
}

// With nine decimals; for values from 0 up to 4 thousand millions.
void print_float(float value) {
  uint32_t whole = (uint32_t)value;
  print_number(whole);
  uint32_t billionths = (uint32_t)((double)(value - (float)whole) * 1e9 + 0.5);
  char digits[11] = ".";
  for (int i = 9; i > 0; i--, billionths /= 10) digits[i] = (char)('0' + billionths % 10);
  digits[10] = 0;
  print(digits);
}

void finish(int status) {
  const uint32_t arguments[2] = {0x20026, (uint32_t)status};
  call(0x20, arguments);
  for (;;) {}
}
