// Whatever JSON says, as paths and texts.

/** Every value with the path to it, in the order of the file: "training.epochs", "3". */
export function flattened(value: unknown, path = ""): [path: string, value: string][] {
  if (typeof value !== "object" || value === null) return [[path, String(value)]];
  if (Array.isArray(value) && value.every((item) => typeof item !== "object" || item === null))
    return [[path, value.map(String).join(", ")]];
  const named = Array.isArray(value)
    ? value.map((item: unknown, index): [string, unknown] => [`${path}[${index + 1}]`, item])
    : Object.entries(value).map(([name, item]): [string, unknown] => [
        path === "" ? name : `${path}.${name}`,
        item,
      ]);
  return named.flatMap(([name, item]) => flattened(item, name));
}
