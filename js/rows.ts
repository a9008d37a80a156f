/** Rows × numbers a row, row-major. */
export type Rows = Float32Array | Float64Array;
