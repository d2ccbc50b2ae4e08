"""Makes the files beside it, with NumPy and the safetensors package: what others write and this package must read.

    pip install numpy==2.4.6 safetensors==0.8.0 && python make.py
"""
import numpy as np
from safetensors import TensorSpec, serialize_file
from safetensors.numpy import save_file

grid = np.arange(6, dtype=np.float32).reshape(2, 3) / 4  # 0 0.25 0.5, 0.75 1 1.25
edges = np.array([0, -0.0, 1, -2, 65504, 2**-24, 2**-14, np.inf, -np.inf], np.float16)

save_file(
    {
        "layer.weight": grid,
        "layer.bias": np.array([1.5, -2], np.float64),
        "half": edges,
        "count": np.array(2**40, np.int64),
        "index": np.array([[-1, 7]], np.int32),
        "byte": np.array([0, 255], np.uint8),
        "small": np.array([-3, 3], np.int16),
        "empty": np.zeros((0, 4), np.float32),
    },
    "python.safetensors",
    metadata={"format": "np", "maker": "make.py"},
)
# NumPy has no bfloat16: 1, -2.5 and infinity by their bits.
bits = np.array([0x3F80, 0xC020, 0x7F80], np.uint16)
brain = TensorSpec(dtype="bfloat16", shape=[3], data_ptr=bits.ctypes.data, data_len=bits.nbytes)
serialize_file({"brain": brain}, "bfloat16.safetensors")

np.save("c.npy", grid)
np.save("fortran.npy", np.asfortranarray(np.arange(24, dtype=np.int32).reshape(2, 3, 4)))
np.save("big_endian.npy", grid.astype(">f8"))
np.save("half.npy", edges)
np.save("scalar.npy", np.float64(2.5))
np.save("empty.npy", np.zeros((3, 0), np.float32))
np.save("truth.npy", np.array([True, False]))
np.save("text.npy", np.array(["no", "number"]))
np.savez("stored.npz", grid=grid, label=np.array([3, 1], np.int64))
np.savez_compressed("compressed.npz", grid=grid, label=np.array([3, 1], np.int64))
