/* Conditions of rules, flags and actions, read for one customer at a time: 1, 0, or NaN where they are unknown.
   They come as trees of arrays, the word first; see `condition_trees.py`. */
page.conditions = (() => {
  const TOLERANCE = 1e-9;
  const leeway = (cut) => Math.max(TOLERANCE, 1e-12 * Math.abs(cut));
  const reaches = (value, cut) => value >= cut - leeway(cut);

  const SIGNS = { "+": (a, b) => a + b, "-": (a, b) => a - b, "*": (a, b) => a * b, "/": (a, b) => (b === 0 ? NaN : a * (1 / b)) };
  const COMPARED = {
    ">=": (a, b) => a >= b - leeway(b), "<": (a, b) => a < b - leeway(b), "<=": (a, b) => a <= b + leeway(b),
    ">": (a, b) => a > b + leeway(b), "==": (a, b) => Math.abs(a - b) <= leeway(b), "!=": (a, b) => Math.abs(a - b) > leeway(b),
  };
  const valueOf = (said, known) => {
    if (typeof said === "number") return () => said;
    if (typeof said === "string") {
      const values = known(said);
      return values ? (i) => values[i] : () => NaN;
    }
    const [sign, ...sides] = said;
    const [left, right] = sides.map((side) => valueOf(side, known));
    return (i) => {
      const found = SIGNS[sign](left(i), right(i));
      return Number.isFinite(found) ? found : NaN;
    };
  };
  const textOf = (said, known) => {
    if (Array.isArray(said)) return () => said[1];
    const values = known(said);
    return values ? (i) => values[i] : () => null;
  };
  const any = (parts) => (i) => {
    let found = 0;
    for (const part of parts) {
      const held = part(i);
      if (held === 1) return 1;
      if (held !== held) found = NaN;
    }
    return found;
  };
  const not = (part) => (i) => 1 - part(i);
  const texts = (left, right) => (i) => {
    const a = left(i), b = right(i);
    return a === null || b === null ? NaN : a === b ? 1 : 0;
  };
  const numbers = (sign, left, right) => (i) => {
    const a = left(i), b = right(i);
    return a !== a || b !== b ? NaN : COMPARED[sign](a, b) ? 1 : 0;
  };
  const holds = (said, known) => {
    const [word, ...rest] = said;
    if (word === "or") return any(rest.map((part) => holds(part, known)));
    if (word === "and") return not(any(rest.map((part) => not(holds(part, known)))));
    if (word === "not") return not(holds(rest[0], known));
    if (word === "in") return any(rest[1].map((entry) => numbers("==", valueOf(rest[0], known), () => entry)));
    if (word === "among") return any(rest[1].map((entry) => texts(textOf(rest[0], known), () => entry)));
    if (word === "is" || word === "is_not") {
      const alike = texts(textOf(rest[0], known), textOf(rest[1], known));
      return word === "is" ? alike : not(alike);
    }
    return numbers(word, valueOf(rest[0], known), valueOf(rest[1], known));
  };
  const names = (said) => {
    if (typeof said === "string") return [said];
    if (!Array.isArray(said) || said[0] === "text") return [];
    if (said[0] === "in" || said[0] === "among") return names(said[1]);
    return said.slice(1).flatMap(names);
  };

  return { TOLERANCE, leeway, reaches, holds, valueOf, names };
})();
