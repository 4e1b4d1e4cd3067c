#ifndef SEMIHOSTING_H
#define SEMIHOSTING_H

#include <stdint.h>

void print(const char *text);
void print_length(const char *text, uint32_t length);
void print_number(uint64_t number);
void print_float(float value);
void finish(int status);

#endif
