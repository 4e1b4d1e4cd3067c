#!/bin/sh
# Installs header and libraries, so that pkg-config and CMake find them.
#
#   scripts/install.sh PREFIX LIBRARY
#
# LIBRARY is the folder of libCNN.a, which `make library` builds. The small library is that of
# .build/embedded for this machine, which scripts/embedded.sh builds.

set -eu

prefix=$1
library=$2
cd "$(dirname "$0")/.."
build=.build/install
mkdir -p "$build"
version=$(sed -n 's/.*StaticString { "\(.*\)" }/\1/p' Sources/Runtime/Version.swift)
machine=$(uname -m)

# One shared library with Swift's runtime in it, which shows the C interface alone.
printf '{ global: cnn_*; local: *; };\n' > "$build/exports"
# As one object, not as an archive: with Swift's runtime inside, what comes of archives is hidden. The compiler
# knows where that runtime is, and what the object asks for of it; it wants something to compile.
ld -r --whole-archive "$library/libCNN.a" -o "$build/cnn.o"
echo > "$build/nothing.swift"
# shellcheck disable=SC2046 # a list of words
swiftc -emit-library -static-stdlib -parse-as-library -o "$build/libcnn.so" \
  "$build/nothing.swift" "$build/cnn.o" \
  -Xlinker --version-script="$build/exports" -Xlinker -soname=libcnn.so -Xlinker --gc-sections \
  $(pkg-config --libs hdf5 libzip yaml-0.1 zlib)
strip --strip-unneeded "$build/libcnn.so"

# One object whose only names are those of the C interface: what else is of the name of Swift's runtime must not
# meet that.
ld -r --whole-archive ".build/embedded/$machine/libcnn-embedded.a" -o "$build/embedded.o"
objcopy --wildcard --keep-global-symbol='cnn_*' "$build/embedded.o"
rm -f "$build/libcnn-embedded.a"
ar crs "$build/libcnn-embedded.a" "$build/embedded.o"

mkdir -p "$prefix/include" "$prefix/lib/pkgconfig" "$prefix/lib/cmake/cnn"
install -m 644 include/cnn.h "$prefix/include/cnn.h"
install -m 644 "$build/libcnn-embedded.a" "$prefix/lib/libcnn-embedded.a"
install -m 755 "$build/libcnn.so" "$prefix/lib/libcnn.so"

# Relative to where they are, so that the whole may be moved.
description() {
  cat > "$prefix/lib/pkgconfig/$1.pc" << END
prefix=\${pcfiledir}/../..
Name: $1
Description: $2
Version: $version
Cflags: -I\${prefix}/include
Libs: -L\${prefix}/lib $3
END
}
description cnn 'Inference of convolutional networks, with files of Keras and threads' '-lcnn'
description cnn-embedded 'Inference of convolutional networks, of compiled models, small' '-lcnn-embedded -lm'

cat > "$prefix/lib/cmake/cnn/cnnConfig.cmake" << 'END'
# cnn::cnn loads files of Keras and has threads; cnn::embedded is small and takes compiled models.
get_filename_component(_cnn_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
if(NOT TARGET cnn::cnn)
  add_library(cnn::cnn SHARED IMPORTED)
  set_target_properties(cnn::cnn PROPERTIES
    IMPORTED_LOCATION "${_cnn_prefix}/lib/libcnn.so"
    IMPORTED_SONAME libcnn.so
    INTERFACE_INCLUDE_DIRECTORIES "${_cnn_prefix}/include")
  add_library(cnn::embedded STATIC IMPORTED)
  set_target_properties(cnn::embedded PROPERTIES
    IMPORTED_LOCATION "${_cnn_prefix}/lib/libcnn-embedded.a"
    IMPORTED_LINK_INTERFACE_LANGUAGES C
    INTERFACE_LINK_LIBRARIES m
    INTERFACE_INCLUDE_DIRECTORIES "${_cnn_prefix}/include")
endif()
unset(_cnn_prefix)
END
cat > "$prefix/lib/cmake/cnn/cnnConfigVersion.cmake" << END
set(PACKAGE_VERSION "$version")
if(PACKAGE_FIND_VERSION VERSION_LESS_EQUAL PACKAGE_VERSION)
  set(PACKAGE_VERSION_COMPATIBLE TRUE)
endif()
if(PACKAGE_FIND_VERSION VERSION_EQUAL PACKAGE_VERSION)
  set(PACKAGE_VERSION_EXACT TRUE)
endif()
END
echo "install: $prefix"
