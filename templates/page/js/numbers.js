/* Numbers, written as the rest of the page writes them: by their kind, from the table in present/kinds.py. */
page.numbers = (() => {
  const { data } = page.frame;
  const ABSENT = "–";
  const formats = new Map();
  const digits = (decimals) => {
    if (!formats.has(decimals)) {
      formats.set(decimals, new Intl.NumberFormat("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals }));
    }
    return formats.get(decimals);
  };

  /* Powers of ten are taken off the digits a number is written with, but a share is multiplied, as in Python. */
  const shifted = (size, powers) => {
    if (powers === -2) return size * 100;
    const [figure, exponent] = String(size).split("e");
    return powers ? Number(`${figure}e${Number(exponent ?? 0) - powers}`) : size;
  };

  /* A pattern is [[[least, shift, decimals, after, only], …], before, signed, whole]. */
  const written = (value, [steps, before, signed, whole]) => {
    const size = Math.abs(value);
    const [, shift, decimals, after, only] = steps.find(([least]) => size >= least);
    if (only) return after;
    const figure = digits(whole && !shift && Number.isInteger(value) ? 0 : decimals).format(shifted(size, shift));
    const sign = !/[1-9]/.test(figure) ? "" : value < 0 ? "-" : signed ? "+" : "";
    return `${sign}${before}${figure}${after}`;
  };

  const say = (value, kind) => {
    if (value === null || value === undefined || value === "") return ABSENT;
    if (typeof value === "string" || !(kind in data.numbers)) return String(value);
    return written(value, data.numbers[kind]);
  };
  const fixed = (value, decimals) => (value === null ? ABSENT : written(value, [[[0, 0, decimals, "", 0]], "", 0, 0]));
  const percent = (value) => say(value, "share");
  const quantity = (value) => say(value, "quantity");

  /* A measure of an indicator as it is read: growth by the month as growth a year. */
  const measured = (value, leaf) => {
    if (leaf.monthly === "logarithm") return say(Math.expm1(12 * value), leaf.kind);
    if (leaf.monthly === "rate") return say((1 + value) ** 12 - 1, leaf.kind);
    return say(value, leaf.kind);
  };

  return { say, measured, written, fixed, percent, quantity };
})();
