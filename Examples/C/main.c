// Says what is in a picture: loads a model, gives it a binary PGM and prints the outputs.
//
//     predict MODEL PICTURE.pgm [LABELS.txt]
//
// Built with CNN_SMALL it links the small library and takes compiled models, .cnn, alone.

#include <cnn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Memory at a multiple of 64; null where there is none. The caller frees it.
static void *allocate(size_t size) {
  return aligned_alloc(64, (size + 63) / 64 * 64);
}

#ifdef CNN_SMALL
/// Reads a file; says what is wrong.
static void *load(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END) != 0) {
    perror(path);
    if (file) fclose(file);
    return NULL;
  }
  long end = ftell(file);
  rewind(file);
  void *bytes = end > 0 ? allocate((size_t)end) : NULL;
  *size = bytes ? fread(bytes, 1, (size_t)end, file) : 0;
  fclose(file);
  if (!bytes) fprintf(stderr, "%s: empty, or too large\n", path);
  return bytes;
}

static void unload(void *bytes) { free(bytes); }
#else
/// Compiles a model of Keras's, or reads a compiled one; says what is wrong.
static void *load(const char *path, size_t *size) {
  char message[512];
  void *bytes = NULL;
  if (cnn_load(path, 1, &bytes, size, message, sizeof message) != CNN_OK)
    fprintf(stderr, "%s\n", message);
  return bytes;
}

static void unload(void *bytes) { cnn_free(bytes); }
#endif

/// Reads an 8-bit binary PGM (P5) as floats from 0 to 1. The caller frees them; null on failure.
static float *read_pgm(const char *path, size_t *count) {
  FILE *file = fopen(path, "rb");
  if (!file) {
    perror(path);
    return NULL;
  }
  unsigned width, height, maximum;
  float *pixels = NULL;
  // One white-space character ends the header; what is behind it is a pixel already.
  if (fscanf(file, "P5 %5u %5u %3u", &width, &height, &maximum) == 3 && maximum == 255
      && fgetc(file) != EOF) {
    *count = (size_t)width * height;
    pixels = malloc((*count ? *count : 1) * sizeof *pixels);
  }
  for (size_t i = 0; pixels && i < *count; i++) {
    int byte = fgetc(file);
    if (byte == EOF) {
      free(pixels);
      pixels = NULL;
      break;
    }
    pixels[i] = (float)byte / 255;
  }
  fclose(file);
  if (!pixels) fprintf(stderr, "%s: not a binary PGM with a maximum of 255\n", path);
  return pixels;
}

/// Runs a model on one picture; returns the values of its output, or null. The caller frees them.
static float *run(const cnn_model *model, const float *pixels, size_t *count) {
  cnn_tensor output;
  size_t size;
  cnn_session *session = NULL;
  void *arena = NULL;
  float *values = NULL;
  cnn_status status = cnn_describe_output(model, 0, &output);
  if (status == CNN_OK) status = cnn_arena_size(model, 1, 1, &size);
  if (status == CNN_OK) {
    arena = allocate(size);
    values = malloc(output.count * sizeof *values);
    status = arena && values ? CNN_OK : CNN_OUT_OF_MEMORY;
  }
  if (status == CNN_OK) status = cnn_session_open(&session, model, 1, NULL, arena, size);
  if (status == CNN_OK) status = cnn_predict(session, pixels, values);
  if (status == CNN_OK) {
    *count = output.count;
  } else {
    fprintf(stderr, "%s\n", cnn_status_text(status));
    free(values);
    values = NULL;
  }
  cnn_session_close(session);
  free(arena);
  return values;
}

int main(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: %s MODEL PICTURE.pgm [LABELS.txt]\n", argv[0]);
    return 2;
  }
  int result = 1;
  float *pixels = NULL;
  float *outputs = NULL;
  FILE *labels = NULL;

  size_t size;
  void *bytes = load(argv[1], &size);
  if (!bytes) goto end;
  cnn_model model;
  cnn_tensor input;
  cnn_status status = cnn_model_open(&model, bytes, size);
  if (status == CNN_OK) status = cnn_describe_input(&model, 0, &input);
  if (status != CNN_OK) {
    fprintf(stderr, "%s: %s\n", argv[1], cnn_status_text(status));
    goto end;
  }
  size_t count;
  pixels = read_pgm(argv[2], &count);
  if (!pixels) goto end;
  if (count != input.count) {
    fprintf(stderr, "%s: %zu pixels; the model expects %zu values\n", argv[2], count, input.count);
    goto end;
  }
  if (argc > 3 && !(labels = fopen(argv[3], "r"))) {
    perror(argv[3]);
    goto end;
  }

  outputs = run(&model, pixels, &count);
  for (size_t i = 0; outputs && i < count; i++) {
    char label[64] = "";
    if (labels && fgets(label, sizeof label, labels)) label[strcspn(label, "\r\n")] = 0;
    printf("%.9g%s%s\n", outputs[i], label[0] ? " " : "", label);
  }
  result = outputs ? 0 : 1;

end:
  if (labels) fclose(labels);
  free(outputs);
  free(pixels);
  unload(bytes);
  return result;
}
