// The baseline: what a program does with a tar.gz when it checks nothing. Expand, find the adapter,
// copy every tensor out. Runs in Node.js and in a page.

const blockBytes = 512;

function textAt(bytes, from, length) {
  return new TextDecoder().decode(bytes.subarray(from, from + length)).split("\0")[0];
}

function* tarEntries(archive) {
  for (let at = 0; archive[at] !== 0;) {
    const size = Number.parseInt(textAt(archive, at + 124, 12), 8);
    const start = at + blockBytes;
    yield { name: textAt(archive, at, 100), content: archive.subarray(start, start + size) };
    at = start + Math.ceil(size / blockBytes) * blockBytes;
  }
}

/** Tensors by name as Float32Array; `file` is the content of a safetensors file of F32. */
function tensorsOf(file) {
  const headerBytes = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + headerBytes)));
  const data = file.subarray(8 + headerBytes);
  return new Map(
    Object.entries(header).map(
      ([
        name,
        {
          data_offsets: [start, end],
        },
      ]) => [name, new Float32Array(data.slice(start, end).buffer)],
    ),
  );
}

export function adapterOf(archive) {
  for (const { name, content } of tarEntries(archive))
    if (name === "adapter_model.safetensors") return tensorsOf(content);
  throw new Error("no adapter in the archive");
}
