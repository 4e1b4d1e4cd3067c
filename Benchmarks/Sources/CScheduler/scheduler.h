// Which core a thread runs on. The C library declares its functions for this to programs that define
// _GNU_SOURCE only, which Swift's module of it does not: these are the system calls behind them.

#ifndef SCHEDULER_H
#define SCHEDULER_H

#include <sys/syscall.h>
#include <unistd.h>

/// The core that this thread is on; -1 where the system does not tell.
static inline int scheduler_core(void) {
  unsigned core;
  return syscall(SYS_getcpu, &core, (void *)0, (void *)0) == 0 ? (int)core : -1;
}

/// Keeps this thread on a core; 0 where the system does.
static inline int scheduler_pin(int core) {
  enum { bits = 8 * sizeof(unsigned long), words = 1024 / bits };
  unsigned long set[words] = {0};
  if (core < 0 || core >= 1024) return -1;
  set[core / bits] |= 1ul << (core % bits);
  return syscall(SYS_sched_setaffinity, 0, sizeof set, set) == 0 ? 0 : -1;
}

#endif
