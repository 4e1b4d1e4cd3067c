# What is done most with this package; `make` alone says what there is.

SWIFT_SOURCES := $(wildcard Package.swift Sources Tests Examples Benchmarks)
# Each kind of build has a folder of its own, so that none makes another build everything again: the
# tests' is the usual one (they run the tool that is built there), static builds are apart.
# The static ones link libhdf5 statically, too: see the script.
STATIC_BUILD := scripts/static-hdf5.sh .build/pkgconfig && \
  swift build -c release --static-swift-stdlib --scratch-path .build/static \
  --pkg-config-path $(CURDIR)/.build/pkgconfig
CNNTOOL := .build/static/release/cnntool
# The packages that use this one, which share what they build of it.
CLIENT_BUILD := swift build -c release --static-swift-stdlib --scratch-path .build/clients
CLIENTS := .build/clients/release

MODEL := Models/fashion-mnist.h5
LABELS := Models/fashion-mnist-labels.txt
PICTURE := Models/samples/bag

.PHONY: help build demo test bench examples embedded sanitize sanitize-kernels lint format clean
# As many damaged files are loaded, a thousand by each process.
FUZZ_COUNT ?= 100000

# Where the data sets of `make results` are.
DATA ?=

.PHONY: artifactbundle bench-peers bench-train check-keras check-report check-training embedded-test fuzz fuzz-flat gallery install results sizes tool library setup-%

help:
	@echo 'make build     build the tool and the static library, for release'
	@echo 'make demo      say what is in a picture with the bundled model, and dump its layers'
	@echo 'make test      run the tests, on release code'
	@echo 'make bench     measure the kernels of every instruction set, and the bundled model'
	@echo 'make bench-peers  compare the tool with onnxruntime, LiteRT, OpenVINO and ncnn'
	@echo 'make bench-train  compare training with TensorFlow and PyTorch'
	@echo 'make check-keras  let Keras 2 and 3 load and run what the tool writes'
	@echo 'make check-report  let Chromium open the page of cnntool report, which tests itself'
	@echo 'make check-training  let Keras 2 and 3 train on with what the tool writes'
	@echo 'make results DATA=folder  train the named networks on MNIST and the like, as docs/results.md has it'
	@echo 'make gallery   draw the pictures of docs/gallery.md again'
	@echo 'make examples  build and run the examples in C and in Swift'
	@echo 'make embedded  build the small library, for this machine and for microcontrollers'
	@echo 'make embedded-test  run one model in C, C++, Python and firmware, and compare'
	@echo 'make sizes     the same, and print what the small library takes'
	@echo 'make install PREFIX=folder  install header and libraries, for pkg-config and CMake'
	@echo 'make artifactbundle  make a binary target for SwiftPM of the small library'
	@echo 'make sanitize  run the tests under AddressSanitizer, then under ThreadSanitizer'
	@echo 'make sanitize-kernels  the same for the kernels and the runtime alone, a small build'
	@echo 'make fuzz      load damaged model files under AddressSanitizer'
	@echo 'make fuzz-flat  open and run damaged compiled models under AddressSanitizer'
	@echo 'make lint      check the format of the sources'
	@echo 'make format    format the sources'
	@echo 'make clean     remove everything that was built'

# Installs what is missing, or says what to install.
setup-%:
	@scripts/setup.sh $*

build: tool library

tool: setup-build
	$(STATIC_BUILD) --product cnntool

library: setup-build
	$(STATIC_BUILD) --product CNN

demo: tool
	$(CNNTOOL) summary $(MODEL)
	$(CNNTOOL) predict $(MODEL) --input $(PICTURE).png --scale 1/255 --labels $(LABELS) --top 3
	$(CNNTOOL) dump-layer $(MODEL) --input $(PICTURE).png --scale 1/255 --layer all --npy -o demo
	$(CNNTOOL) dump-layer $(MODEL) --input $(PICTURE).png --scale 1/255 \
	  --layer conv_layer_1 --channel 39 --csv -o demo
	ls -l demo

# Not with --static-swift-stdlib: Swift Testing is there as a shared library only. Tests need code
# built to be testable, so this does not share the static build's; the tool that they run is built
# along with them.
test: setup-test
	swift test -c release

bench: setup-bench
	$(CLIENT_BUILD) --package-path Benchmarks --product kernel-bench
	$(CLIENTS)/kernel-bench --model $(MODEL) $(BENCH_FLAGS)

# Ends with the number of rows lost, and fails where there is one: BENCH_PEERS_FLAGS="--models seed2" to
# measure some rows only.
bench-peers: setup-bench-peers tool
	scripts/bench-peers.sh $(CURDIR)/$(CNNTOOL) $(BENCH_PEERS_FLAGS)

# Images a second of a training step: BENCH_TRAIN_FLAGS="--models seed2" to measure some networks only.
bench-train: setup-bench-train tool
	scripts/bench-train.sh $(CURDIR)/$(CNNTOOL) $(BENCH_TRAIN_FLAGS)

# Every fixture, converted: KERAS_PYTHON names a Python that has the packages of
# Tests/Fixtures/requirements.txt; without it they are installed into .build/keras.
check-keras: setup-check-keras tool
	scripts/check-keras.sh $(CURDIR)/$(CNNTOOL) $(CHECK_KERAS_FLAGS)

# Models that Keras trained, converted, trained further by Keras.
check-training: setup-check-keras tool
	CHECK=check_training.py scripts/check-keras.sh $(CURDIR)/$(CNNTOOL)

# The page does what a user does, and says what is then there to read; errors of its script fail this. `make test`
# has this in it where Chromium is installed.
check-report: setup-test setup-check-report
	swift test -c release --filter ReportPageTests

# Takes half an hour on two cores; scripts/results.sh says what is in the folder. RESULTS=folder writes elsewhere,
# KERAS_PYTHON=python lets Keras train the same.
results: setup-build tool
	@[ -n "$(DATA)" ] || { echo 'make results DATA=folder: say where the data sets are' >&2; exit 2; }
	scripts/results.sh $(CURDIR)/$(CNNTOOL) $(DATA) $(NETWORKS)

# From the bundled model and its samples, by the commands on the page itself.
gallery: tool
	scripts/gallery.sh $(CURDIR)/$(CNNTOOL)

# Both must think the same of the picture: the line of the highest probability names it.
examples: setup-examples library
	$(MAKE) -C Examples/C
	$(CLIENT_BUILD) --package-path Examples/Swift --product Predict
	.build/examples/predict $(MODEL) $(PICTURE).pgm $(LABELS) | tee .build/examples/c.txt
	$(CLIENTS)/Predict $(MODEL) $(PICTURE).pgm $(LABELS) | tee .build/examples/swift.txt
	@for language in c swift; do \
	  winner=$$(LC_ALL=C sort -gr .build/examples/$$language.txt | head -n 1 | cut -d ' ' -f 2-); \
	  echo "$$language: $$winner"; \
	  [ "$$winner" = Bag ] || { echo "expected Bag" >&2; exit 1; }; \
	done

# For every machine that the toolchain has Embedded Swift for: EMBEDDED="x86_64 cortex-m7" for some.
embedded: setup-embedded
	scripts/embedded.sh $(EMBEDDED)

# Header, libraries, and what pkg-config and CMake look for.
PREFIX ?= /usr/local
install: library
	scripts/embedded.sh $$(uname -m)
	scripts/install.sh $(PREFIX) .build/static/release

# A binary target for SwiftPM.
artifactbundle:
	$(MAKE) install PREFIX=$(CURDIR)/.build/prefix
	scripts/artifactbundle.sh .build/prefix

# One compiled model in C, C++, Python and firmware, on several machines: all say the same of a picture.
embedded-test: setup-embedded-test tool
	$(MAKE) install PREFIX=$(CURDIR)/.build/prefix
	scripts/embedded.sh aarch64 cortex-m7
	scripts/embedded-test.sh $(CURDIR)/$(CNNTOOL) $(CURDIR)/.build/prefix

sizes: embedded-test
	scripts/sizes.sh

# Debug builds, in which Swift checks most. The tests of the tool run a process of its own that no
# sanitizer sees, so they are left out; so is a program of theirs that replaces malloc. Without XCTest, which no test here is written with: it leaks
# a few hundred bytes even where it has nothing to run, and leaks of our own must fail this. A test asks
# for more memory than there is, which must give nothing, as it does elsewhere, and not end the run.
SANITIZE := ASAN_OPTIONS=allocator_may_return_null=1 TSAN_OPTIONS=allocator_may_return_null=1 \
  swift test --disable-xctest

sanitize: setup-sanitize
	CNN_SANITIZE=1 $(SANITIZE) --skip ToolTests --sanitize=address --scratch-path .build/address
	CNN_SANITIZE=1 $(SANITIZE) --skip ToolTests --sanitize=thread --scratch-path .build/thread

# The property tests of the kernels, and those of what runs them on several threads: where unsafe memory is.
sanitize-kernels: setup-sanitize
	CNN_SANITIZE=kernels $(SANITIZE) --sanitize=address --scratch-path .build/address-kernels
	CNN_SANITIZE=kernels $(SANITIZE) --sanitize=thread --scratch-path .build/thread-kernels

# libhdf5 keeps memory of what it gave up on, so leaks are not looked for. What asks for more memory than there
# is gets nothing, as elsewhere, and must not end the run.
fuzz: setup-sanitize
	CNN_SANITIZE=1 swift build --sanitize=address --scratch-path .build/address --product loader-fuzz
	@seq $$(($(FUZZ_COUNT) / 1000)) | ASAN_OPTIONS=allocator_may_return_null=1:detect_leaks=0 \
	  xargs -P $$(nproc) -n 1 .build/address/debug/loader-fuzz Tests/Fixtures 1000

# The same of compiled models, whose records are changed under a checksum that is right: what libFuzzer makes up is
# guided by what code it comes to, and what was found on the way is kept for the next time.
FUZZER := .build/fuzzer
fuzz-flat: setup-sanitize
	CNN_FUZZ=1 swift build --sanitize=fuzzer --sanitize=address --scratch-path $(FUZZER) --product flat-fuzz \
	  -Xswiftc -sanitize-coverage=edge,inline-8bit-counters,pc-table,trace-cmp
	@mkdir -p $(FUZZER)/corpus
	@seq $$(nproc) | ASAN_OPTIONS=allocator_may_return_null=1:detect_leaks=0 SWIFT_BACKTRACE=enable=no \
	  xargs -P $$(nproc) -I {} $(FUZZER)/debug/flat-fuzz -seed={} -runs=$$(($(FUZZ_COUNT) / $$(nproc))) \
	  -max_len=57 -timeout=60 -verbosity=0 -print_funcs=0 -print_final_stats=1 -artifact_prefix=$(FUZZER)/ $(FUZZER)/corpus

lint: setup-lint
	swift format lint --strict --recursive --parallel $(SWIFT_SOURCES)

format: setup-format
	swift format --in-place --recursive --parallel $(SWIFT_SOURCES)

clean:
	rm -rf .build demo Benchmarks/.build Examples/Swift/.build
