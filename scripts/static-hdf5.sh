#!/bin/sh
# Writes a pkg-config file that links libhdf5 statically, where there is a static one, into a folder.
#
#   scripts/static-hdf5.sh FOLDER
#
# Debian's libhdf5.so reads from S3 too, and so loads libcurl, TLS, Kerberos and LDAP: forty libraries
# that take longer to load than a small model takes to run. None of it is in the static library's part
# that reading a file needs.

set -eu

folder=$1
rm -f "$folder/hdf5.pc"
libdir=$(pkg-config --libs-only-L hdf5 | sed 's/^-L//; s/ .*//')
[ -n "$libdir" ] && [ -f "$libdir/libhdf5.a" ] || exit 0
mkdir -p "$folder"
cat > "$folder/hdf5.pc" <<END
Name: hdf5
Description: HDF5, linked statically
Version: $(pkg-config --modversion hdf5)
Cflags: $(pkg-config --cflags hdf5)
Libs: -L$libdir -l:libhdf5.a -lsz -lz
END
