// Says what is in a picture: loads a model, gives it a binary PGM and prints the outputs.
//
//     predict MODEL.h5 PICTURE.pgm [LABELS.txt]

#include <cnn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

int main(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: %s MODEL.h5 PICTURE.pgm [LABELS.txt]\n", argv[0]);
    return 2;
  }
  int result = 1;
  float *pixels = NULL;
  FILE *labels = NULL;

  char message[512];
  cnn_model *model = cnn_open(argv[1], 1, message, sizeof message);
  if (!model) {
    fprintf(stderr, "%s\n", message);
    goto end;
  }
  size_t count;
  pixels = read_pgm(argv[2], &count);
  if (!pixels) goto end;
  if (argc > 3 && !(labels = fopen(argv[3], "r"))) {
    perror(argv[3]);
    goto end;
  }

  if (cnn_set_input(model, 0, pixels, count) == CNN_WRONG_COUNT) {
    fprintf(stderr, "%s: %zu pixels; the model expects %zu values\n", argv[2], count,
            cnn_input_size(model, 0));
    goto end;
  }
  if (cnn_run(model) != CNN_OK) {
    fprintf(stderr, "%s: the model has more inputs than one picture\n", argv[1]);
    goto end;
  }

  const float *outputs = cnn_output(model, 0);
  size_t size = cnn_output_size(model, 0);
  for (size_t i = 0; i < size; i++) {
    char label[64] = "";
    if (labels && fgets(label, sizeof label, labels)) label[strcspn(label, "\r\n")] = 0;
    printf("%.9g%s%s\n", outputs[i], label[0] ? " " : "", label);
  }
  result = 0;

end:
  if (labels) fclose(labels);
  free(pixels);
  cnn_close(model);
  return result;
}
