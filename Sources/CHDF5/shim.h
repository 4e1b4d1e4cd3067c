#include <hdf5.h>
#include <string.h>

/// The type of a float in memory: a macro over a global variable, which Swift does not import.
static inline hid_t cnn_hdf5_native_float(void) { return H5T_NATIVE_FLOAT; }

/// A new property list for opening files: the class is a macro like that, too.
static inline hid_t cnn_hdf5_file_access(void) { return H5Pcreate(H5P_FILE_ACCESS); }

/// What a link is: 0 a hard one, 1 a soft one, 64 one into another file, -1 none; others are of users.
/// Here because libhdf5 1.12 gave the function a number, behind a macro.
static inline int cnn_hdf5_link_kind(hid_t group, const char *name) {
#if H5_VERSION_GE(1, 12, 0)
  H5L_info2_t info;
  return H5Lget_info2(group, name, &info, H5P_DEFAULT) < 0 ? -1 : (int)info.type;
#else
  H5L_info_t info;
  return H5Lget_info(group, name, &info, H5P_DEFAULT) < 0 ? -1 : (int)info.type;
#endif
}

/// Where in its file an object is, which tells it from all others; 0 where it cannot be told.
/// `kind` becomes 0 for a group, 1 for a data set.
static inline unsigned long long cnn_hdf5_object_place(hid_t group, const char *name, int *kind) {
  unsigned long long place = 0;
#if H5_VERSION_GE(1, 12, 0)
  H5O_info2_t info;
  if (H5Oget_info_by_name3(group, name, &info, H5O_INFO_BASIC, H5P_DEFAULT) < 0) return 0;
  memcpy(&place, &info.token, sizeof place);
#else
  H5O_info_t info;
  if (H5Oget_info_by_name1(group, name, &info, H5P_DEFAULT) < 0) return 0;
  place = info.addr;
#endif
  *kind = (int)info.type;
  return place;
}
