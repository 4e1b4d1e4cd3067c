#include <hdf5.h>
#include <string.h>

/// The type of a float in memory: a macro over a global variable, which Swift does not import.
static inline hid_t cnn_hdf5_native_float(void) { return H5T_NATIVE_FLOAT; }

/// A new property list for opening files: the class is a macro like that, too.
static inline hid_t cnn_hdf5_file_access(void) { return H5Pcreate(H5P_FILE_ACCESS); }

/// What a link is: 0 a hard one, 1 a soft one, 64 one into another file, -1 none; others are of users.
/// `address` becomes that of the object that a hard one leads to, which is not opened for that.
/// Here because libhdf5 1.12 gave the function a number, behind a macro.
static inline int cnn_hdf5_link(hid_t group, const char *name, unsigned long long *address) {
  *address = 0;
#if H5_VERSION_GE(1, 12, 0)
  H5L_info2_t info;
  if (H5Lget_info2(group, name, &info, H5P_DEFAULT) < 0) return -1;
  if (info.type == H5L_TYPE_HARD) memcpy(address, &info.u.token, sizeof *address);
#else
  H5L_info_t info;
  if (H5Lget_info(group, name, &info, H5P_DEFAULT) < 0) return -1;
  if (info.type == H5L_TYPE_HARD) *address = info.u.address;
#endif
  return (int)info.type;
}

/// What is done with each name of a group; `order` is when it was made, or -1 where the file does not tell.
/// Ends early with anything but 0.
typedef int (*cnn_hdf5_visit)(const char *name, long long order, void *context);

typedef struct {
  cnn_hdf5_visit visit;
  void *context;
} cnn_hdf5_visitor;

#if H5_VERSION_GE(1, 12, 0)
typedef H5L_info2_t cnn_hdf5_link_info;
#else
typedef H5L_info_t cnn_hdf5_link_info;
#endif

static inline herr_t cnn_hdf5_pass_name(hid_t group, const char *name,
                                        const cnn_hdf5_link_info *info, void *visitor) {
  (void)group;
  cnn_hdf5_visitor *v = visitor;
  return v->visit(name, info->corder_valid ? info->corder : -1, v->context);
}

/// Visits all names of a group as they are stored, in no order: for others libhdf5 1.10 makes a table first,
/// which it gives back before it is filled where the group is damaged.
static inline herr_t cnn_hdf5_each_name(hid_t group, cnn_hdf5_visit visit, void *context) {
  cnn_hdf5_visitor visitor = {visit, context};
#if H5_VERSION_GE(1, 12, 0)
  return H5Literate2(group, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, cnn_hdf5_pass_name, &visitor);
#else
  return H5Literate(group, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, cnn_hdf5_pass_name, &visitor);
#endif
}

/// Conversion of a text of variable length to 16 opaque bytes: those that the file has in its place.
static inline herr_t cnn_hdf5_keep_bytes(hid_t from, hid_t to, H5T_cdata_t *data, size_t count,
                                         size_t stride, size_t other_stride, void *bytes,
                                         void *other, hid_t transfer) {
  (void)from, (void)count, (void)stride, (void)other_stride, (void)bytes, (void)other;
  (void)transfer;
  if (data->command != H5T_CONV_INIT) return 0;
  data->need_bkg = H5T_BKG_NO;
  return H5Tget_size(to) == 16 ? 0 : -1;
}

/// The type of 16 bytes that say where a text of variable length is; to be called once.
static inline hid_t cnn_hdf5_text_place(void) {
  hid_t text = H5Tcopy(H5T_C_S1);
  hid_t place = H5Tcreate(H5T_OPAQUE, 16);
  H5Tset_size(text, H5T_VARIABLE);
  herr_t status = H5Tregister(H5T_PERS_SOFT, "text place", text, place, cnn_hdf5_keep_bytes);
  H5Tclose(text);
  return status < 0 ? -1 : place;
}

/// The types and property lists for writing, behind such macros as well.
static inline hid_t cnn_hdf5_little_endian_float(void) { return H5T_IEEE_F32LE; }
static inline hid_t cnn_hdf5_little_endian_integer(void) { return H5T_STD_I64LE; }
static inline hid_t cnn_hdf5_native_integer(void) { return H5T_NATIVE_INT64; }
static inline hid_t cnn_hdf5_double(void) { return H5T_IEEE_F64LE; }

/// A new type for texts of `size` bytes, padded with zeros; of any length where it is 0, in UTF-8.
static inline hid_t cnn_hdf5_text(size_t size) {
  hid_t type = H5Tcopy(H5T_C_S1);
  if (type < 0) return type;
  H5Tset_size(type, size == 0 ? H5T_VARIABLE : size);
  H5Tset_strpad(type, size == 0 ? H5T_STR_NULLTERM : H5T_STR_NULLPAD);
  if (size == 0) H5Tset_cset(type, H5T_CSET_UTF8);
  return type;
}

/// A new property list for links that makes the groups on the way.
static inline hid_t cnn_hdf5_link_creation(void) {
  hid_t list = H5Pcreate(H5P_LINK_CREATE);
  if (list >= 0) H5Pset_create_intermediate_group(list, 1);
  return list;
}

/// A new property list for data sets that do not say when they were made, so that a file depends on its
/// contents alone.
static inline hid_t cnn_hdf5_dataset_creation(void) {
  hid_t list = H5Pcreate(H5P_DATASET_CREATE);
  if (list >= 0) H5Pset_obj_track_times(list, 0);
  return list;
}
