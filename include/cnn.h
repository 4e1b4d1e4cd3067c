// The C interface of cnn: run a compiled model, a `.cnn` file, from memory.
//
//     cnn_model model;
//     size_t size;
//     cnn_session *session;
//     cnn_model_open(&model, bytes, byte_count);         // checks every byte, copies none
//     cnn_arena_size(&model, 1, 1, &size);               // what a batch of 1 needs on one thread
//     cnn_session_open(&session, &model, 1, NULL, arena, size);
//     cnn_bind_input(session, 0, pixels);
//     cnn_bind_output(session, 0, probabilities);
//     cnn_run(session);                                  // as often as you like
//
// `cnntool compile model.h5 -o model.cnn` makes such bytes of a Keras model, with `--c-array name` as C source.
//
// There are two libraries of one source. The small one, libcnn-embedded.a, has what stands here up to "Only in
// the large library": it takes no memory of its own, opens no files, starts no threads, calls nothing but memcpy
// and its like, and runs on bare machines. The large one, libCNN.a, has kernels for AVX2 and AVX-512, threads, and
// loads Keras files.
//
// Values are 32-bit floats, row-major, the batch first and the channels last (NHWC): what Keras's model.predict
// takes and gives. Nothing is scaled: a model that was trained on pixels divided by 255 must be given pixels
// divided by 255. Sizes of tensors are counted in floats, those of memory in bytes.
//
// Memory is the caller's: the model's bytes and the arena stay where they are, unchanged by anybody else, as long
// as the model and the session are used. Both begin at a multiple of 64.
//
// Threads: a session is for one thread at a time. Any number of sessions may use one model, each in its own arena,
// all at once. There is no state outside of them.
//
// No function fails on a null pointer or an index out of range: it says so by its status. Where a status is not
// CNN_OK, nothing was written to what a pointer points to, unless a function says otherwise.

#ifndef CNN_H
#define CNN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What came of a call; cnn_status_text says it in words.
typedef enum cnn_status {
  /// Done.
  CNN_OK = 0,
  /// A pointer is null, or the model or session was not opened.
  CNN_NULL_POINTER = 1,
  /// The bytes do not begin as a compiled model does.
  CNN_NOT_A_MODEL = 2,
  /// The model was compiled by an older version.
  CNN_OLDER_VERSION = 3,
  /// The model was compiled by a newer version.
  CNN_NEWER_VERSION = 4,
  /// The model's numbers have their most significant byte first.
  CNN_WRONG_BYTE_ORDER = 5,
  /// The bytes are not those that were written.
  CNN_WRONG_CHECKSUM = 6,
  /// The bytes end before the model does.
  CNN_TRUNCATED = 7,
  /// The model's bytes do not begin at a multiple of 64.
  CNN_MODEL_MISALIGNED = 8,
  /// The model's records contradict each other.
  CNN_DAMAGED = 9,
  /// The model asks for a method that this library has not: compile it with `--target cortex-m7`.
  CNN_UNSUPPORTED_METHOD = 10,
  /// CNN_ISA names an instruction set that is unknown, or that this processor has not.
  CNN_UNSUPPORTED_PROCESSOR = 11,
  /// The batch or the number of threads is 0, or larger than can be.
  CNN_WRONG_BATCH = 12,
  /// The arena is smaller than cnn_arena_size says.
  CNN_ARENA_TOO_SMALL = 13,
  /// The arena does not begin at a multiple of 64.
  CNN_ARENA_MISALIGNED = 14,
  /// The model has no input of this index.
  CNN_NO_SUCH_INPUT = 15,
  /// The model has no output of this index.
  CNN_NO_SUCH_OUTPUT = 16,
  /// No tensor of this name can be read: an input, an output, or a layer that the model was compiled with
  /// `--tap` for.
  CNN_NO_SUCH_TENSOR = 17,
  /// An input or an output was not bound before the run.
  CNN_NOT_BOUND = 18,
  /// The model holds no test: compile it with `--test-vector`.
  CNN_NO_TEST = 19,
  /// The model computes something else than its test says.
  CNN_TEST_FAILED = 20,
  /// The file cannot be loaded; the message says why.
  CNN_CANNOT_LOAD = 21,
  /// There is not so much memory, or not so many threads.
  CNN_OUT_OF_MEMORY = 22,
  /// None: makes the type 32 bits wide for every compiler.
  CNN_STATUS_WIDTH = 0x7fffffff
} cnn_status;

/// The status in words: a text that is never null and stays.
const char *cnn_status_text(cnn_status status);

/// The version of the library, such as "0.1.0".
const char *cnn_version(void);

/// A compiled model: a view of its bytes. Filled in by cnn_model_open alone; copied and dropped as one likes.
typedef struct cnn_model {
  const void *bytes;
  size_t size;
} cnn_model;

/// A model, the memory it runs in, and where its inputs and outputs are. It lies in its arena.
typedef struct cnn_session cnn_session;

/// Threads that sessions share their work out to. Only the large library has some.
typedef struct cnn_threads cnn_threads;

/// A value that can be seen. For one picture: a batch has as many of it, one behind the other.
typedef struct cnn_tensor {
  /// The Keras layer's name, which no null byte ends, inside of the model's bytes.
  const char *name;
  size_t name_length;
  /// The number of axes without the batch, 0 to 6, and their sizes; 1 beyond the rank.
  size_t rank;
  size_t shape[6];
  /// The number of floats.
  size_t count;
} cnn_tensor;

/// Opens a model over its bytes, which are read where they lie.
///
/// Everything is checked, so that whatever the bytes are, running them reads and writes only their own memory and
/// the arena. For the checksum all of them are read once.
///
/// Returns CNN_OK, CNN_NULL_POINTER, or one from CNN_NOT_A_MODEL to CNN_DAMAGED.
cnn_status cnn_model_open(cnn_model *model, const void *bytes, size_t size);

/// The number of a model's inputs; 0 where it is null or not open.
size_t cnn_input_count(const cnn_model *model);

/// The number of a model's outputs; 0 where it is null or not open.
size_t cnn_output_count(const cnn_model *model);

/// What an input is. Returns CNN_OK, CNN_NULL_POINTER or CNN_NO_SUCH_INPUT.
cnn_status cnn_describe_input(const cnn_model *model, size_t index, cnn_tensor *tensor);

/// What an output is. Returns CNN_OK, CNN_NULL_POINTER or CNN_NO_SUCH_OUTPUT.
cnn_status cnn_describe_output(const cnn_model *model, size_t index, cnn_tensor *tensor);

/// What the tensor of a name is: an input's, an output's, or that of a layer that the model was compiled with
/// `--tap` for. Returns CNN_OK, CNN_NULL_POINTER or CNN_NO_SUCH_TENSOR.
cnn_status cnn_describe_tensor(const cnn_model *model, const char *name, cnn_tensor *tensor);

/// The bytes of an arena for a batch of so many pictures on so many threads, session included. It is the same on
/// every processor of one width.
///
/// Returns CNN_OK, CNN_NULL_POINTER or CNN_WRONG_BATCH; in the small library that also for more than one thread.
cnn_status cnn_arena_size(const cnn_model *model, size_t batch, size_t threads, size_t *size);

/// Places a session at the beginning of an arena.
///
/// - batch: The number of pictures of each run.
/// - threads: Null for the caller's thread alone.
/// - arena: Memory at a multiple of 64, at least as much as cnn_arena_size says for the number of threads.
///   Its content does not matter.
///
/// In the large library the best instruction set of the processor is used, or the one that the environment
/// variable CNN_ISA names (baseline, avx2, avx512).
///
/// Returns CNN_OK, CNN_NULL_POINTER, CNN_WRONG_BATCH, CNN_ARENA_TOO_SMALL, CNN_ARENA_MISALIGNED,
/// CNN_UNSUPPORTED_METHOD or CNN_UNSUPPORTED_PROCESSOR.
cnn_status cnn_session_open(
  cnn_session **session, const cnn_model *model, size_t batch, cnn_threads *threads, void *arena,
  size_t size);

/// Ends a session; its arena may be used for something else. Null is ignored.
void cnn_session_close(cnn_session *session);

/// Says where an input is read in the runs to come: a batch of it, which must not change during a run.
/// Any alignment of a float will do. Returns CNN_OK, CNN_NULL_POINTER or CNN_NO_SUCH_INPUT.
cnn_status cnn_bind_input(cnn_session *session, size_t index, const float *values);

/// Says where an output is written in the runs to come: room for a batch of it, which no input shares.
/// Returns CNN_OK, CNN_NULL_POINTER or CNN_NO_SUCH_OUTPUT.
cnn_status cnn_bind_output(cnn_session *session, size_t index, float *values);

/// Runs the model from its bound inputs to its bound outputs. Allocates nothing, copies nothing.
/// Returns CNN_OK, CNN_NULL_POINTER or CNN_NOT_BOUND.
cnn_status cnn_run(cnn_session *session);

/// Binds the first input and the first output, and runs. Returns as these three do.
cnn_status cnn_predict(cnn_session *session, const float *input, float *output);

/// When an operation was executed.
typedef struct cnn_event {
  /// The name of the layer that it computed, or of several with ` + ` between them, which no null byte ends.
  const char *name;
  size_t name_length;
  /// What the clock said.
  uint64_t begin;
  uint64_t end;
  /// The products that were added up; 0 where the operation is not made of such.
  uint64_t multiply_adds;
} cnn_event;

/// The same as cnn_run, on the caller's thread alone, and notes when each operation was executed.
///
/// - clock: A function that says how much there was of what is to be measured: nanoseconds, cycles, instructions.
/// - events: Room for `capacity` of them; those that do not fit are left out.
/// - count: How many there are.
///
/// Returns CNN_OK, CNN_NULL_POINTER, CNN_NOT_BOUND, or CNN_WRONG_BATCH for a session with several threads.
cnn_status cnn_run_profiled(
  cnn_session *session, uint64_t (*clock)(void), cnn_event *events, size_t capacity, size_t *count);

/// A tensor's values for the whole batch after a run, by its name; see cnn_describe_tensor. They stay until the next
/// run; those of an input or an output are where it is bound.
///
/// - count: Their number, or null.
///
/// Returns CNN_OK, CNN_NULL_POINTER, CNN_NO_SUCH_TENSOR or CNN_NOT_BOUND.
cnn_status cnn_values(
  const cnn_session *session, const char *name, const float **values, size_t *count);

/// The bytes of an arena for cnn_selftest. Returns CNN_OK, CNN_NULL_POINTER, CNN_WRONG_BATCH or CNN_NO_TEST.
cnn_status cnn_selftest_size(const cnn_model *model, size_t *size);

/// Runs the input that the model was compiled with, and compares the outputs with what they were there.
///
/// - arena: Memory at a multiple of 64, at least as much as cnn_selftest_size says.
/// - difference: The largest difference of a value, written with CNN_TEST_FAILED too; or null.
///
/// Returns CNN_OK, CNN_NULL_POINTER, CNN_NO_TEST, CNN_TEST_FAILED, or as cnn_session_open does.
cnn_status cnn_selftest(const cnn_model *model, void *arena, size_t size, float *difference);

// Only in the large library.

/// Starts threads for sessions: those that use them must not run at the same time.
///
/// - count: How many, the caller's included; 0 for as many as the environment variable CNN_THREADS says, or else
///   as the process may use cores.
///
/// Returns CNN_OK, CNN_NULL_POINTER, CNN_WRONG_BATCH for more than 1024, or CNN_OUT_OF_MEMORY.
cnn_status cnn_threads_open(cnn_threads **threads, size_t count);

/// The number of threads, the caller's included; 1 where it is null.
size_t cnn_threads_count(const cnn_threads *threads);

/// Ends threads, once the sessions that use them were closed. Null is ignored.
void cnn_threads_close(cnn_threads *threads);

/// Loads a model file into memory as the bytes of a compiled model: `.h5` and `.keras` files of Keras are compiled,
/// `.cnn` files are read. Not in two threads at once, because libhdf5 is not made for that.
///
/// - path: The file, as a null-terminated string.
/// - batch: How many pictures will be run at a time, which decides what is fastest; any number can be run.
/// - bytes, size: The model's bytes, for cnn_model_open; the caller gives them back by cnn_free.
/// - message: Where to write what went wrong, or the empty string where nothing did; may be null.
/// - capacity: The size of message in bytes. A longer text is cut off at a whole character and always ends with a
///   null byte, unless capacity is 0.
///
/// Returns CNN_OK, CNN_NULL_POINTER, CNN_WRONG_BATCH, CNN_CANNOT_LOAD or CNN_OUT_OF_MEMORY.
cnn_status cnn_load(
  const char *path, size_t batch, void **bytes, size_t *size, char *message, size_t capacity);

/// Gives back what cnn_load lent. Null is ignored.
void cnn_free(void *bytes);

#ifdef __cplusplus
}
#endif

#endif
