/* The customers of the page: columns of figures and of words by their places, one value a row. */
page.customers = (() => {
  const { data, texts, comparable } = page.frame;

  const list = data.finder ?? { ids: [], names: [], ranks: [], rated: 0, left: 0, columns: [] };
  const size = list.ids.length;
  const whole = (column) => column.begins  // the nulls that a column begins with are only counted
    ? { ...column, values: [...new Array(column.begins).fill(null), ...column.values] } : column;
  const columns = new Map(list.columns.map((column) => [column.key, whole(column)]));
  const name = (row) => list.names[row] ?? list.ids[row];
  const rank = (row) => row < list.rated ? list.ranks[row] ?? row + 1 : null;
  const link = (row) => `#customer=${encodeURIComponent(list.ids[row])}`;

  /* The places of a row's words: of one word, or of a set. */
  const places = (column, row) => {
    const value = column.values[row];
    return value === null ? [] : column.sets ? column.sets[value] : [value];
  };
  const words = (column, row) => places(column, row).map((place) => column.words[place][1]);
  const written = (column, row) => {
    const value = column.values[row];
    return column.kind === "text" ? words(column, row).join(texts["list.separator"]) : page.numbers.say(value, column.kind);
  };
  const said = (key, row) => columns.has(key) ? written(columns.get(key), row) : "";

  let rows = null;
  const rowOf = (id) => {
    rows ??= new Map(list.ids.map((one, row) => [one, row]));
    return rows.get(id) ?? null;
  };
  let names = null;
  const search = (text) => {
    const parts = comparable(text).split(/\s+/).filter(Boolean);
    names ??= list.ids.map((id, row) => comparable(list.names[row] === null ? id : `${list.names[row]} ${id}`));
    return (row) => parts.every((part) => names[row].includes(part));
  };

  /* A choice: words that are searched, words of columns, ranges of figures, and an order. It is what
     stands in the hash behind #list. */
  const nothing = () => ({ q: "", words: new Map(), ranges: new Map(), sort: "" });
  const read = (hash) => {
    const chosen = nothing();
    for (const [key, value] of new URLSearchParams(hash.split("?")[1] ?? "")) {
      const column = columns.get(key);
      if (key === "q") chosen.q = value;
      else if (key === "sort") chosen.sort = value;
      else if (column?.kind === "text") {
        const found = value.split(",").map((id) => column.words.findIndex((word) => word[0] === id));
        const whole = column.words.findIndex((word) => word[0] === value);  // a word may hold a comma itself
        chosen.words.set(key, new Set(whole >= 0 ? [whole] : found));
      } else if (column && value.includes("..")) {
        chosen.ranges.set(key, value.split("..").map((end, place) => end === "" ? [-Infinity, Infinity][place] : Number(end)));
      }
    }
    return chosen;
  };
  const hash = (chosen) => {
    const told = [];
    const add = (key, value) => told.push(`${encodeURIComponent(key)}=${value}`);
    if (chosen.q) add("q", encodeURIComponent(chosen.q));
    for (const [key, held] of chosen.words) {
      if (held.size) add(key, [...held].filter((place) => place >= 0).map((place) => encodeURIComponent(columns.get(key).words[place][0])).join(","));
    }
    for (const [key, ends] of chosen.ranges) add(key, ends.map((end) => Number.isFinite(end) ? end : "").join(".."));
    if (chosen.sort) add("sort", encodeURIComponent(chosen.sort));
    return told.length ? `#list?${told.join("&")}` : "#list";
  };
  const fits = (chosen, besides = null) => {
    const tests = [];
    if (chosen.q.trim()) tests.push(search(chosen.q));
    for (const [key, held] of chosen.words) {
      const column = columns.get(key);
      if (held.size && key !== besides) tests.push((row) => places(column, row).some((place) => held.has(place)));
    }
    for (const [key, [from, to]] of chosen.ranges) {
      const { values } = columns.get(key);
      tests.push((row) => values[row] !== null && values[row] >= from && values[row] <= to);
    }
    return (row) => tests.every((test) => test(row));
  };
  const ordered = (found, sort) => {
    const down = sort.startsWith("-");
    const key = down ? sort.slice(1) : sort;
    const column = columns.get(key);
    let value = null;
    if (key === "rank") value = (row) => row;
    else if (key === "name" || key === "id") {
      const collator = new Intl.Collator(data.language, { numeric: true });
      const compare = (a, b) => key === "id" ? collator.compare(list.ids[a], list.ids[b]) : collator.compare(name(a), name(b));
      return found.sort((a, b) => down ? compare(b, a) : compare(a, b));
    } else if (column) value = column.kind === "text" ? (row) => places(column, row)[0] ?? null : (row) => column.values[row];
    if (!value) return found;
    return found.sort((a, b) => {  // whoever has no value comes last, whichever way
      const [x, y] = [value(a), value(b)];
      if (x === null || y === null) return (x === null) - (y === null) || a - b;
      return (down ? y - x : x - y) || a - b;
    });
  };
  /* Of one action its customers stand in the order of its work, else all by rank. */
  const sorting = (chosen) => {
    const held = chosen.words.get("action");
    const one = held?.size === 1 && columns.has("turn") ? columns.get("action").words[[...held][0]]?.[0] : null;
    return chosen.sort || (one && list.orders[one] ? "turn" : "rank");
  };
  const select = (chosen) => {
    const test = fits(chosen);
    const found = [];
    for (let row = 0; row < size; row += 1) if (test(row)) found.push(row);
    return ordered(found, sorting(chosen));
  };

  return { list, size, columns, whole, name, rank, link, places, words, written, said, rowOf, nothing, read, hash, fits, select, sorting };
})();
