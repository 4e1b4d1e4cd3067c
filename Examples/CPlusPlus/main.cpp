// Says what is in a picture: a compiled model, a binary PGM, and what the small library makes of them.
//
//     predict MODEL.cnn PICTURE.pgm [LABELS.txt]

#include <cnn.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

/// Memory at a multiple of 64.
class Aligned {
 public:
  explicit Aligned(std::size_t size)
      : memory(std::aligned_alloc(64, (size + 63) / 64 * 64), std::free) {
    if (!memory) throw std::bad_alloc();
  }
  void *get() const { return memory.get(); }

 private:
  std::unique_ptr<void, decltype(&std::free)> memory;
};

static void check(cnn_status status) {
  if (status != CNN_OK) throw std::runtime_error(cnn_status_text(status));
}

static std::vector<char> read(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(path + ": cannot be read");
  return {std::istreambuf_iterator<char>(file), {}};
}

/// An 8-bit binary PGM (P5) as floats from 0 to 1.
static std::vector<float> read_pgm(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  std::string kind;
  std::size_t width = 0, height = 0, maximum = 0;
  if (!(file >> kind >> width >> height >> maximum) || kind != "P5" || maximum != 255)
    throw std::runtime_error(path + ": not a binary PGM with a maximum of 255");
  file.get();
  std::vector<float> pixels;
  for (char byte; pixels.size() < width * height && file.get(byte);)
    pixels.push_back(static_cast<unsigned char>(byte) / 255.0f);
  return pixels;
}

/// A session and the memory that it lies in.
class Session {
 public:
  explicit Session(const cnn_model &model) : arena(size(model)) {
    check(cnn_session_open(&session, &model, 1, nullptr, arena.get(), size(model)));
    check(cnn_describe_output(&model, 0, &output));
  }
  ~Session() { cnn_session_close(session); }
  Session(const Session &) = delete;
  Session &operator=(const Session &) = delete;

  std::vector<float> operator()(const std::vector<float> &input) {
    std::vector<float> values(output.count);
    check(cnn_predict(session, input.data(), values.data()));
    return values;
  }

 private:
  static std::size_t size(const cnn_model &model) {
    std::size_t bytes;
    check(cnn_arena_size(&model, 1, 1, &bytes));
    return bytes;
  }

  Aligned arena;
  cnn_session *session = nullptr;
  cnn_tensor output;
};

int main(int argc, char **argv) try {
  if (argc < 3) {
    std::cerr << "usage: " << argv[0] << " MODEL.cnn PICTURE.pgm [LABELS.txt]\n";
    return 2;
  }
  const std::vector<char> file = read(argv[1]);
  Aligned bytes(file.size() + 1);
  std::copy(file.begin(), file.end(), static_cast<char *>(bytes.get()));
  cnn_model model;
  check(cnn_model_open(&model, bytes.get(), file.size()));
  cnn_tensor input;
  check(cnn_describe_input(&model, 0, &input));
  const std::vector<float> pixels = read_pgm(argv[2]);
  if (pixels.size() != input.count) throw std::runtime_error("the picture is not of the model's size");

  std::ifstream labels(argc > 3 ? argv[3] : "");
  for (float value : Session(model)(pixels)) {
    std::string label;
    std::getline(labels, label);
    std::printf("%.9g%s%s\n", value, label.empty() ? "" : " ", label.c_str());
  }
} catch (const std::exception &error) {
  std::cerr << error.what() << "\n";
  return 1;
}
