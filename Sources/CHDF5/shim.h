#include <hdf5.h>

/// The type of a float in memory: a macro over a global variable, which Swift does not import.
static inline hid_t cnn_hdf5_native_float(void) { return H5T_NATIVE_FLOAT; }
