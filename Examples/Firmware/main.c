// Says what is in a picture, on a microcontroller: model and picture lie in flash, and there is no heap.
//
// Prints a probability a line, then what each layer took, then the memory that was used.

#include <cnn.h>

#include "semihosting.h"

extern const unsigned char model_bytes[];
extern const size_t model_bytes_size;
// Pixels from 0 to 1, as the model was trained with.
extern const float picture[];

// What the linker leaves to the arena; the stack is apart.
extern unsigned char arena_begin[], arena_end[];
extern uint32_t stack_begin;

// A timer that counts down, at 25 MHz: under QEMU with -icount shift=0 a tick is 40 instructions.
static volatile uint32_t *const timer = (uint32_t *)0x40000000;
enum { instructions_per_tick = 40 };

static uint64_t now(void) { return (uint64_t)(0xffffffff - timer[1]) * instructions_per_tick; }

static const uint32_t unused = 0xa5a5a5a5;

// Fills the stack that is not in use, so that what a call takes of it can be seen. Returns where that begins.
__attribute__((always_inline)) static inline const uint32_t *paint_stack(void) {
  uint32_t *top;
  __asm__ volatile("mov %0, sp" : "=r"(top));
  for (volatile uint32_t *at = &stack_begin; at < top; at++) *at = unused;
  return top;
}

static uint32_t stack_below(const uint32_t *top) {
  const uint32_t *at = &stack_begin;
  while (*at == unused) at++;
  return (uint32_t)((const char *)top - (const char *)at);
}

static int fail(cnn_status status) {
  print(cnn_status_text(status));
  print("\n");
  return 1;
}

static float outputs[16];

int main(void) {
  cnn_model model;
  const uint32_t *top = paint_stack();
  cnn_status status = cnn_model_open(&model, model_bytes, model_bytes_size);
  uint32_t open_stack = stack_below(top);
  if (status != CNN_OK) return fail(status);
  cnn_tensor output;
  status = cnn_describe_output(&model, 0, &output);
  if (status != CNN_OK || output.count > sizeof outputs / sizeof *outputs) return fail(status);

  size_t needed;
  status = cnn_arena_size(&model, 1, 1, &needed);
  if (status != CNN_OK) return fail(status);
  cnn_session *session;
  status = cnn_session_open(
    &session, &model, 1, NULL, arena_begin, (size_t)(arena_end - arena_begin));
  if (status != CNN_OK) return fail(status);
  cnn_bind_input(session, 0, picture);
  cnn_bind_output(session, 0, outputs);
  top = paint_stack();
  status = cnn_run(session);
  uint32_t stack = stack_below(top);
  if (status != CNN_OK) return fail(status);
  for (size_t i = 0; i < output.count; i++) {
    print_float(outputs[i]);
    print("\n");
  }

  // Once more, with the timer.
  timer[2] = 0xffffffff;
  timer[1] = 0xffffffff;
  timer[0] = 1;
  static cnn_event events[64];
  size_t count;
  status = cnn_run_profiled(session, now, events, sizeof events / sizeof *events, &count);
  if (status != CNN_OK) return fail(status);
  uint64_t all = 0;
  for (size_t i = 0; i < count; i++) {
    uint64_t instructions = events[i].end - events[i].begin;
    all += instructions;
    print("operation ");
    print_number(i + 1);
    print(" ");
    print_length(events[i].name, events[i].name_length);
    print(" instructions ");
    print_number(instructions);
    if (events[i].multiply_adds) {
      print(" multiply-adds ");
      print_number(events[i].multiply_adds);
      print(" instructions each ");
      print_float((float)instructions / (float)events[i].multiply_adds);
    }
    print("\n");
  }
  print("instructions ");
  print_number(all);
  print("\narena ");
  print_number(needed);
  print("\nstack ");
  print_number(stack);
  print("\nopen-stack ");
  print_number(open_stack);
  print("\n");
  return 0;
}
