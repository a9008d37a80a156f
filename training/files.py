"""Writers of safetensors and of GGUF with ggml's types F32, Q8_0 and Q4_0."""

import json
import struct

import numpy

GGUF_TYPES = {"u32": (4, "<I"), "f32": (6, "<f"), "bool": (7, "<?")}
TEXT, ARRAY, I32 = 8, 9, 5
BLOCK = 32
ALIGNMENT = 32


def write_safetensors(path, tensors, dtype="F32"):
    """`tensors`: name -> float32 array; kept as F32 or F16."""
    header, parts, end = {}, [], 0
    for name, values in sorted(tensors.items()):
        data = values.astype("<f4" if dtype == "F32" else "<f2").tobytes()
        header[name] = {"dtype": dtype, "shape": list(values.shape),
                        "data_offsets": [end, end + len(data)]}
        parts.append(data)
        end += len(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))


def quantize_q8_0(values):
    """Blocks of 32: a scale in float16 and 32 signed bytes; rounding as ggml's reference."""
    blocks = values.reshape(-1, BLOCK).astype(numpy.float32)
    scale = numpy.abs(blocks).max(1, keepdims=True) / numpy.float32(127)
    inverse = numpy.divide(1, scale, out=numpy.zeros_like(scale), where=scale > 0)
    scaled = blocks * inverse
    whole = (numpy.sign(scaled) * numpy.floor(numpy.abs(scaled) + 0.5)).astype(numpy.int8)
    return scale.astype("<f2"), whole


def quantize_q4_0(values):
    """Blocks of 32: a scale in float16 and 32 numbers of 4 bits, 8 standing for none."""
    blocks = values.reshape(-1, BLOCK).astype(numpy.float32)
    largest = numpy.take_along_axis(blocks, numpy.abs(blocks).argmax(1)[:, None], 1)
    scale = largest / numpy.float32(-8)
    inverse = numpy.divide(1, scale, out=numpy.zeros_like(scale), where=scale != 0)
    whole = numpy.clip(numpy.floor(blocks * inverse + numpy.float32(8.5)), 0, 15)
    return scale.astype("<f2"), whole.astype(numpy.uint8)


def dequantize(values, kind):
    """What is left of the values in that type."""
    if kind == "F32":
        return values
    scale, whole = (quantize_q8_0 if kind == "Q8_0" else quantize_q4_0)(values)
    numbers = whole.astype(numpy.float32) - (8 if kind == "Q4_0" else 0)
    return (scale.astype(numpy.float32) * numbers).reshape(values.shape)


def _encode(values, kind):
    """-> (number of the type, bytes)"""
    if kind == "F32":
        return 0, values.astype("<f4").tobytes()
    if kind == "Q8_0":
        scale, whole = quantize_q8_0(values)
        return 8, numpy.concatenate((scale.view(numpy.uint8), whole.view(numpy.uint8)), 1).tobytes()
    scale, whole = quantize_q4_0(values)
    packed = whole[:, :16] | (whole[:, 16:] << 4)
    return 2, numpy.concatenate((scale.view(numpy.uint8), packed), 1).tobytes()


def _text(text):
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def _value(value):
    if isinstance(value, str):
        return struct.pack("<I", TEXT) + _text(value)
    if isinstance(value, list):
        if isinstance(value[0], str):
            return struct.pack("<IIQ", ARRAY, TEXT, len(value)) + b"".join(map(_text, value))
        return struct.pack(f"<IIQ{len(value)}i", ARRAY, I32, len(value), *value)
    kind = "bool" if isinstance(value, bool) else "u32" if isinstance(value, int) else "f32"
    number, form = GGUF_TYPES[kind]
    return struct.pack("<I", number) + struct.pack(form, value)


def write_gguf(path, pairs, tensors):
    """`pairs`: key -> value; `tensors`: (name, float32 array, type) in order (GGUF version 3)."""
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(pairs))
    head += b"".join(_text(key) + _value(value) for key, value in pairs.items())
    parts, offset = [], 0
    for name, values, kind in tensors:
        number, data = _encode(values, kind)
        shape = values.shape[::-1]
        head += _text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, number, offset)
        data += b"\0" * (-len(data) % ALIGNMENT)
        parts.append(data)
        offset += len(data)
    path.write_bytes(head + b"\0" * (-len(head) % ALIGNMENT) + b"".join(parts))
