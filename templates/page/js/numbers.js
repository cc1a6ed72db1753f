/* Numbers, written as the rest of the page writes them. */
page.numbers = (() => {
  const fixed = (value, digits) => value === null ? "–"
    : new Intl.NumberFormat("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
  const percent = (value) => value === null ? "–" : `${fixed(value * 100, 1)}%`;
  const quantity = (value) => {
    if (value === null || typeof value === "string") return value === null ? "–" : value;
    const size = Math.abs(value);
    if (Number.isInteger(value) || size >= 1000) return fixed(value, 0);
    return fixed(value, size >= 10 ? 1 : size >= 1 ? 2 : 3);
  };

  return { fixed, percent, quantity };
})();
