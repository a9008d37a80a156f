// Writes the ONNX files of the three models: protobuf messages of onnx.proto (ONNX 1.16, opset 17),
// field numbers as there.

const FLOAT = 1; // TensorProto.DataType
const INT = 2; // AttributeProto.AttributeType

function varint(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return Buffer.from([...bytes, value]);
}

const integer = (field, value) => Buffer.concat([varint(field * 8), varint(value)]);

function bytes(field, value) {
  const content = Buffer.from(value);
  return Buffer.concat([varint(field * 8 + 2), varint(content.length), content]);
}

const message = (field, ...members) => bytes(field, Buffer.concat(members));

/** NodeProto in GraphProto. Attributes are integers. */
function node(operator, inputs, output, attributes = {}) {
  return message(
    1,
    ...inputs.map((name) => bytes(1, name)),
    bytes(2, output),
    bytes(4, operator),
    ...Object.entries(attributes).map(([name, value]) =>
      message(5, bytes(1, name), integer(3, value), integer(20, INT)),
    ),
  );
}

/** TensorProto as an initializer of GraphProto. */
function initializer(name, shape, values) {
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const dimensions = shape.map((size) => integer(1, size));
  return message(5, ...dimensions, integer(2, FLOAT), bytes(8, name), bytes(9, raw));
}

/** ValueInfoProto: floats [N, columns]. */
function value(field, name, columns) {
  const shape = message(2, message(1, bytes(2, "N")), message(1, integer(1, columns)));
  return message(field, bytes(1, name), message(2, message(1, integer(1, FLOAT), shape)));
}

const heads = {
  identity: [],
  sigmoid: [node("Sigmoid", ["scores"], "out")],
  softmax: [node("Softmax", ["scores"], "out")],
};

/** Input "rows" [N, features], output "out" [N, outputs]. */
export function onnxFile({ head, features, outputs, weights, intercept }) {
  const scores = head === "identity" ? "out" : "scores";
  const graph = message(
    7,
    node("Gemm", ["rows", "weights", "intercept"], scores, { transB: 1 }),
    ...heads[head],
    bytes(2, "model"),
    initializer("weights", [outputs, features], weights),
    initializer("intercept", [outputs], intercept),
    value(11, "rows", features),
    value(12, "out", outputs),
  );
  return Buffer.concat([integer(1, 8), graph, message(8, integer(2, 17))]);
}
