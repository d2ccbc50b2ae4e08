"""Writes the fixtures of this folder, with numpy as the other opinion."""
import wave
import numpy as np

# A graph of four nodes, the last without label: a square with features of unequal number.
np.savez("square.npz",
         feat_shape=np.array([4, 3], np.int32),
         feat_indptr=np.array([0, 2, 3, 3, 4], np.int32),
         feat_indices=np.array([0, 2, 1, 0], np.int32),
         edges=np.array([[0, 1], [1, 2], [2, 3], [0, 3]], np.int32),
         labels=np.array([0, 1, 0, -1], np.int8),
         split=np.array([0, 1, 2, -1], np.int8))

# Every type of number that is read.
np.savez_compressed("types.npz", **{
    t: np.array([[1, 0], [0, 1], [1, 1]]).astype(t)
    for t in ["uint8", "bool", "int8", "int16", "uint16", "int32", "uint32", "int64", "float32", "float64"]})

# Two tones, and their mel bands by the formulas that ear.go names.
rate, size, hop, n_fft, mels = 8000, 200, 80, 256, 8
t = np.arange(600) / rate
tones = (8000 * np.sin(2 * np.pi * 440 * t) + 4000 * np.sin(2 * np.pi * 2500 * t)).astype("<i2")
with wave.open("5_anna_0.wav", "wb") as f:
    f.setnchannels(1); f.setsampwidth(2); f.setframerate(rate); f.writeframes(tones.tobytes())
mel = lambda hertz: 2595 * np.log10(1 + hertz / 700)
at = mel(np.arange(n_fft // 2 + 1) * rate / n_fft) / (mel(rate / 2) / (mels + 1))
bands = np.maximum(0, 1 - np.abs(at[None] - np.arange(1, mels + 1)[:, None]))
frames = 1 + -(-(len(tones) - size) // hop)
padded = np.pad(tones / 2**15, (0, (frames - 1) * hop + size - len(tones)))
features = [np.log(1e-6 + bands @ np.abs(np.fft.rfft(padded[i * hop:i * hop + size] * np.hanning(size), n_fft)) ** 2)
            for i in range(frames)]
np.savetxt("5_anna_0.mel.txt", features, fmt="%.6f")
