"""The library called from NumPy, by ctypes: inputs and outputs are arrays' own memory.

    from cnn import Model

    model = Model("model.h5")            # or a compiled model, .cnn
    probabilities = model(pictures)      # (batch, height, width, channels) -> (batch, classes)

CNN_LIBRARY names the shared library, where the system does not find libcnn.so by itself.
"""

import ctypes
import os

import numpy as np

_library = ctypes.CDLL(os.environ.get("CNN_LIBRARY", "libcnn.so"))
_pointer, _size, _text = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p


class _Model(ctypes.Structure):
    _fields_ = [("bytes", _pointer), ("size", _size)]


class _Tensor(ctypes.Structure):
    _fields_ = [
        ("name", _pointer), ("name_length", _size), ("rank", _size), ("shape", _size * 6),
        ("count", _size),
    ]


def _function(name, *arguments, returns=ctypes.c_int):
    function = getattr(_library, name)
    function.argtypes, function.restype = arguments, returns
    return function


_status_text = _function("cnn_status_text", ctypes.c_int, returns=_text)
_load = _function("cnn_load", _text, _size, _pointer, _pointer, _text, _size)
_free = _function("cnn_free", _pointer, returns=None)
_model_open = _function("cnn_model_open", _pointer, _pointer, _size)
_input_count = _function("cnn_input_count", _pointer, returns=_size)
_output_count = _function("cnn_output_count", _pointer, returns=_size)
_describe_input = _function("cnn_describe_input", _pointer, _size, _pointer)
_describe_output = _function("cnn_describe_output", _pointer, _size, _pointer)
_threads_open = _function("cnn_threads_open", _pointer, _size)
_threads_count = _function("cnn_threads_count", _pointer, returns=_size)
_threads_close = _function("cnn_threads_close", _pointer, returns=None)
_arena_size = _function("cnn_arena_size", _pointer, _size, _size, _pointer)
_session_open = _function(
    "cnn_session_open", _pointer, _pointer, _size, _pointer, _pointer, _size)
_session_close = _function("cnn_session_close", _pointer, returns=None)
_bind_input = _function("cnn_bind_input", _pointer, _size, _pointer)
_bind_output = _function("cnn_bind_output", _pointer, _size, _pointer)
_run = _function("cnn_run", _pointer)


def _check(status, file=None):
    if status:
        text = _status_text(status).decode()
        raise RuntimeError(f"{file}: {text}" if file else text)


def _aligned(size):
    """So many bytes at a multiple of 64."""
    memory = np.empty(size + 64, np.uint8)
    start = -memory.ctypes.data % 64
    return memory[start:start + size]


class Model:
    """A model, for one thread of Python's at a time.

    threads: how many it computes with; 0 for as many as there are cores.
    """

    def __init__(self, path, threads=0):
        self._bytes, self._threads, self._sessions = _pointer(), _pointer(), {}
        size, message = _size(), ctypes.create_string_buffer(512)
        if _load(os.fsencode(path), 32, ctypes.byref(self._bytes), ctypes.byref(size), message, 512):
            raise RuntimeError(message.value.decode())
        self._model = _Model()
        _check(_model_open(ctypes.byref(self._model), self._bytes, size), path)
        _check(_threads_open(ctypes.byref(self._threads), threads))
        self.inputs = [self._shape(_describe_input, i) for i in range(_input_count(self._reference))]
        self.outputs = [
            self._shape(_describe_output, i) for i in range(_output_count(self._reference))]

    @property
    def _reference(self):
        return ctypes.byref(self._model)

    def _shape(self, describe, index):
        tensor = _Tensor()
        _check(describe(self._reference, index, ctypes.byref(tensor)))
        return tuple(tensor.shape[:tensor.rank])

    def _session(self, batch):
        """The session for a batch; made once."""
        if batch not in self._sessions:
            size, session = _size(), _pointer()
            _check(_arena_size(
                self._reference, batch, _threads_count(self._threads), ctypes.byref(size)))
            arena = _aligned(size.value)
            _check(_session_open(
                ctypes.byref(session), self._reference, batch, self._threads, arena.ctypes.data,
                size))
            self._sessions[batch] = session, arena
        return self._sessions[batch][0]

    def __call__(self, *inputs):
        """The model's outputs for a batch: an array, or a list of several. Nothing is copied where the
        inputs are contiguous float32 arrays."""
        inputs = [np.ascontiguousarray(values, np.float32) for values in inputs]
        shapes = [values.shape[1:] for values in inputs]
        if shapes != self.inputs:
            raise ValueError(f"inputs of shapes {shapes}; expected {self.inputs}, the batch in front")
        batch = len(inputs[0])
        session = self._session(batch)
        outputs = [np.empty((batch, *shape), np.float32) for shape in self.outputs]
        for index, values in enumerate(inputs):
            _check(_bind_input(session, index, values.ctypes.data))
        for index, values in enumerate(outputs):
            _check(_bind_output(session, index, values.ctypes.data))
        _check(_run(session))
        return outputs[0] if len(outputs) == 1 else outputs

    def __del__(self):
        for session, _ in self._sessions.values():
            _session_close(session)
        _threads_close(self._threads)
        _free(self._bytes)
