// Results as Markdown tables.

/** Three significant digits, never in powers of ten. */
function shown(value) {
  if (value === undefined) return "";
  if (typeof value !== "number") return value;
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
  return value.toFixed(Math.min(digits, 3));
}

export function markdown({ title, results }) {
  const columns = [...new Set(results.flatMap(Object.keys))];
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const alignment = columns.map((column) =>
    results.some((row) => typeof row[column] === "number") ? "--:" : "---",
  );
  const body = results.map((row) => line(columns.map((column) => shown(row[column]))));
  return [`### ${title}`, "", line(columns), line(alignment), ...body, ""].join("\n");
}
