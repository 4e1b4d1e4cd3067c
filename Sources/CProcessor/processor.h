// What the processor can do, asked of the processor itself.
//
// Swift has no CPUID; clang's importer compiles these inline functions into the module that calls
// them, so no C file is built. /proc/cpuinfo would not do: under an emulator it tells of the host.

#ifndef CNN_PROCESSOR_H
#define CNN_PROCESSOR_H

#if defined(__x86_64__)
#include <cpuid.h>

/// The extended control register 0: which register states the operating system saves.
static inline unsigned long long cnn_processor_xcr0(void) {
  unsigned int low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return ((unsigned long long)high << 32) | low;
}

/// 0: the x86-64 baseline; 1: AVX2 and FMA as well; 2: x86-64-v4's AVX-512 (F, BW, CD, DQ, VL) as well.
static inline int cnn_processor_level(void) {
  unsigned int eax, ebx, ecx, edx;
  if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx)) return 0;
  const unsigned int fma = 1u << 12, movbe = 1u << 22, osxsave = 1u << 27, avx = 1u << 28, f16c = 1u << 29;
  const unsigned int v3 = fma | movbe | osxsave | avx | f16c;
  if ((ecx & v3) != v3) return 0;
  const unsigned long long saved = cnn_processor_xcr0();
  if ((saved & 0x6) != 0x6) return 0;  // xmm and ymm state
  if (!__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) return 0;
  const unsigned int v3leaf7 = (1u << 3) | (1u << 5) | (1u << 8);  // BMI1, AVX2, BMI2
  if ((ebx & v3leaf7) != v3leaf7) return 0;
  unsigned int extended;
  if (!__get_cpuid(0x80000001, &eax, &ebx, &extended, &edx)) return 0;
  if (!(extended & (1u << 5))) return 0;  // LZCNT
  if (!__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) return 1;
  const unsigned int v4 = (1u << 16) | (1u << 17) | (1u << 28) | (1u << 30) | (1u << 31);  // F, DQ, CD, BW, VL
  if ((ebx & v4) != v4) return 1;
  return (saved & 0xe6) == 0xe6 ? 2 : 1;  // opmask and zmm state
}
#else
/// Only x86-64 has levels to choose from: elsewhere the baseline is all there is.
static inline int cnn_processor_level(void) { return 0; }
#endif

/// The number of cores that this process may use; 0 where that cannot be asked.
#if defined(__linux__)
int sched_getaffinity(int, unsigned long, void *);
static inline int cnn_available_cores(void) {
  unsigned long mask[128] = {0};
  if (sched_getaffinity(0, sizeof mask, mask) != 0) return 0;
  int count = 0;
  for (int i = 0; i < 128; i++) count += __builtin_popcountl(mask[i]);
  return count;
}
#else
static inline int cnn_available_cores(void) { return 0; }
#endif

/// Asks for the cache line at an address to be brought into the second cache; any address will do.
static inline void cnn_prefetch(const void *address) { __builtin_prefetch(address, 0, 2); }

/// The same address, but hidden from the compiler where it came from: it stays in a register of its own and is not computed
/// from another.
static inline const float *_Nonnull cnn_kept_apart(const float *_Nonnull address) {
#if defined(__x86_64__)
  __asm__("" : "+r"(address));
#endif
  return address;
}

/// Tells the processor that this is a loop which waits for another thread.
static inline void cnn_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__) || defined(__arm__)
  __asm__ volatile("yield");
#endif
}

#endif
