// What a Cortex-M7 does before main: the vector table, memory, and the floating-point unit.

#include <stdint.h>

extern uint32_t data_begin, data_end, data_image, bss_begin, bss_end, stack_end;

int main(void);
void finish(int status);

void start(void) {
  // Coprocessors 10 and 11, the floating-point unit, for everybody.
  volatile uint32_t *const access = (uint32_t *)0xe000ed88;
  *access |= 0xfu << 20;
  __asm__ volatile("dsb\n isb");
  for (uint32_t *to = &data_begin, *from = &data_image; to < &data_end;) *to++ = *from++;
  for (uint32_t *to = &bss_begin; to < &bss_end;) *to++ = 0;
  finish(main());
}

static void fail(void) { finish(3); }

__attribute__((section(".vectors"), used)) static void *const vectors[16] = {
  &stack_end, start, fail, fail, fail, fail, fail, 0, 0, 0, 0, fail, fail, 0, fail, fail,
};
