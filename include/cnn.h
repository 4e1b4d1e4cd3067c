// The C interface of the static library libCNN.a: load a Keras .h5 model and run it.
//
//     char message[512];
//     cnn_model *model = cnn_open("model.h5", 1, message, sizeof message);
//     if (!model) { fprintf(stderr, "%s\n", message); return 1; }
//     cnn_set_input(model, 0, pixels, cnn_input_size(model, 0));
//     cnn_run(model);
//     const float *probabilities = cnn_output(model, 0);
//     ...
//     cnn_close(model);
//
// Values are 32-bit floats, row-major, the batch first and the channels last (NHWC): what Keras's
// model.predict takes and gives. Nothing is scaled: a model that was trained on pixels divided by
// 255 must be given pixels divided by 255. Sizes are counted in floats, not in bytes.
//
// Threads: a model is for one thread at a time; different models may run in different threads at
// once. cnn_open must not run in two threads at once, because libhdf5 is not made for that.
//
// No function fails on a null pointer or an index out of range: each says below what it returns
// instead. A model that was closed must not be used again.

#ifndef CNN_H
#define CNN_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A loaded model with the memory that it runs in. Made by cnn_open, freed by cnn_close.
typedef struct cnn_model cnn_model;

/// What came of a call.
typedef enum cnn_status {
  /// Done.
  CNN_OK = 0,
  /// The model, or another pointer, is null.
  CNN_NULL_POINTER = 1,
  /// The model has no input of this index.
  CNN_NO_SUCH_INPUT = 2,
  /// The number of values is not the input's; see cnn_input_size.
  CNN_WRONG_COUNT = 3,
  /// An input was not set since the last run, which took its values.
  CNN_INPUT_NOT_SET = 4
} cnn_status;

/// Loads a whole-model .h5 file of Keras and prepares it for a batch.
///
/// The best instruction set of the processor is used, or the one that the environment variable
/// CNN_ISA names (baseline, avx2, avx512).
///
/// - path: The file, as a null-terminated string.
/// - batch: The number of inputs that each run takes, at least 1.
/// - message: Where to write what went wrong, or the empty string where nothing did; may be null.
/// - capacity: The size of message in bytes. A longer text is cut off at a whole character and
///   always ends with a null byte, unless capacity is 0.
///
/// Returns the model, which the caller must close; null on failure.
cnn_model *cnn_open(const char *path, size_t batch, char *message, size_t capacity);

/// Frees a model and all that it lent out. Null is ignored.
void cnn_close(cnn_model *model);

/// The number of inputs of a model; 0 where it is null.
size_t cnn_input_count(const cnn_model *model);

/// The number of outputs of a model; 0 where it is null.
size_t cnn_output_count(const cnn_model *model);

/// The number of floats of an input for the whole batch; 0 where there is no such input.
size_t cnn_input_size(const cnn_model *model, size_t index);

/// The number of floats of an output for the whole batch; 0 where there is no such output.
size_t cnn_output_size(const cnn_model *model, size_t index);

/// Copies the values of an input, to be used by the next run.
///
/// - values: As many floats as cnn_input_size says; not kept.
/// - count: Their number.
///
/// Returns CNN_OK, CNN_NULL_POINTER, CNN_NO_SUCH_INPUT or CNN_WRONG_COUNT; the last three change
/// nothing.
cnn_status cnn_set_input(cnn_model *model, size_t index, const float *values, size_t count);

/// Runs a model on its inputs. Every input must be set before every run, because a run uses the
/// memory of inputs again. Allocates nothing.
///
/// Returns CNN_OK, CNN_NULL_POINTER or CNN_INPUT_NOT_SET.
cnn_status cnn_run(cnn_model *model);

/// The values of an output: cnn_output_size floats, which belong to the model.
///
/// Valid until an input is set, the next run or cnn_close. Returns null before the first run and
/// where there is no such output.
const float *cnn_output(const cnn_model *model, size_t index);

#ifdef __cplusplus
}
#endif

#endif
