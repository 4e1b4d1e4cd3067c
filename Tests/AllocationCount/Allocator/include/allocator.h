#ifndef CNN_ALLOCATOR_H
#define CNN_ALLOCATOR_H

/// How often this program asked for memory.
long allocator_count(void);

#endif
