#!/bin/sh
# Makes a binary target for SwiftPM, as SE-0482 describes it: the small library with its header, for Linux.
#
#   scripts/artifactbundle.sh PREFIX
#
# PREFIX is where scripts/install.sh installed to. Leaves .build/cnn.artifactbundle.

set -eu

prefix=$1
cd "$(dirname "$0")/.."
bundle=.build/cnn.artifactbundle
version=$(PKG_CONFIG_PATH=$prefix/lib/pkgconfig pkg-config --modversion cnn-embedded)
machine=$(uname -m)
rm -rf "$bundle"
mkdir -p "$bundle/include" "$bundle/$machine"
cp "$prefix/include/cnn.h" "$bundle/include/cnn.h"
printf 'module CCNN {\n  header "cnn.h"\n  link "m"\n  export *\n}\n' > "$bundle/include/module.modulemap"
cp "$prefix/lib/libcnn-embedded.a" "$bundle/$machine/libcnn-embedded.a"
cat > "$bundle/info.json" << END
{
  "schemaVersion": "1.0",
  "artifacts": {
    "CCNN": {
      "type": "staticLibrary",
      "version": "$version",
      "variants": [
        {
          "path": "$machine/libcnn-embedded.a",
          "supportedTriples": ["$machine-unknown-linux-gnu"],
          "staticLibraryMetadata": {
            "headerPaths": ["include"],
            "moduleMapPath": "include/module.modulemap"
          }
        }
      ]
    }
  }
}
END
echo "artifactbundle: $bundle"
