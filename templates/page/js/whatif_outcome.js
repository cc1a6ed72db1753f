/* What follows from other weights: how many have which action, class and grade, and who comes first. */
page.whatifOutcome = (() => {
  const { element, filled } = page.frame;
  const { fixed } = page.numbers;
  const { whatif } = page;

  const FIRST = 10;

  const make = () => {
    const { contract } = whatif;
    const { texts } = contract;
    const { evaluated, base, model } = whatif.told();
    const names = (entries) => Object.fromEntries(entries.map((entry) => [entry.id, entry.name]));
    const actions = { ...names(contract.actions), none_stated: texts.none_stated };
    const grades = names(contract.grades);
    const deciding = contract.matrices.find((matrix) => matrix.id === contract.decides);
    const classes = deciding ? names(deciding.classes) : grades;
    const classOf = (found, i) => (deciding ? found.classes[deciding.id] : found.grade)[i];

    const alone = model.count === 1;  // no ranks, and nothing to count
    const moves = element("dl", { class: "facts", "aria-live": "polite" });
    const body = element("tbody"), others = element("tbody");
    const first = element("tbody");
    const table = (caption, heads, rows, kind = null) => element("div", { class: "scroll" }, element("table", { class: kind },
      caption ? element("caption", {}, caption) : null,
      element("thead", {}, element("tr", {}, ...heads.map(([text, kind]) => element("th", { scope: "col", class: kind }, text)))), rows));

    const counted = (title, labels, before, now) => {
      const keys = Object.keys(labels).filter((key) => (before[key] ?? 0) + (now[key] ?? 0) > 0);
      if (!keys.length) return [];
      return [element("tr", { class: "branch" }, element("th", { scope: "rowgroup", colspan: 4 }, title)),
        ...keys.map((key) => {
          const [was, is] = [before[key] ?? 0, now[key] ?? 0];
          const change = is === was ? "" : `${is > was ? "+" : "−"}${fixed(Math.abs(is - was), 0)}`;
          return element("tr", is === was ? {} : { class: "moved" }, element("th", { scope: "row" }, labels[key]),
            element("td", { class: "n" }, fixed(was, 0)), element("td", { class: "n" }, fixed(is, 0)),
            element("td", { class: "n" }, change));
        })];
    };
    const show = ({ found, counts }) => {
      const other = (before, now) => {
        let total = 0;
        for (let i = 0; i < model.count; i += 1) {
          if (!Object.is(before(i), now(i)) && (evaluated.status[i] === 0 || found.status[i] === 0)) total += 1;
        }
        return filled(texts.of_rated, { count: fixed(total, 0), rated: fixed(counts.rated, 0) });
      };
      const fact = (title, value) => element("div", {}, element("dt", {}, title), element("dd", {}, value));
      if (!alone) moves.replaceChildren(
        fact(texts.moved_rank, other((i) => evaluated.rank[i], (i) => found.rank[i])),
        fact(deciding ? texts.moved_class : texts.moved_grade, other((i) => classOf(evaluated, i), (i) => classOf(found, i))),
        contract.actions.length ? fact(texts.moved_action, other((i) => evaluated.action[i], (i) => found.action[i])) : "");
      const classed = (matrix) => counted(matrix.name, names(matrix.classes), base.classes[matrix.id], counts.classes[matrix.id]);
      const graded = counted(texts.grades, grades, base.grades, counts.grades);
      body.replaceChildren(
        ...(counts.rated === base.rated ? [] : counted(texts.rated, { rated: texts.rated }, base, counts)),
        ...(contract.actions.length ? counted(texts.actions, actions, base.actions, counts.actions) : []),
        ...(deciding ? classed(deciding) : graded));
      others.replaceChildren(
        ...contract.matrices.filter((matrix) => matrix !== deciding).flatMap(classed), ...(deciding ? graded : []));
      first.replaceChildren(...leaders(found, FIRST).map((i) => {
        const [was, is] = [evaluated.rank[i], found.rank[i]];
        return element("tr", is === was ? {} : { class: "moved" },
          ...(alone ? [] : [element("td", { class: "n" }, fixed(is, 0)), element("td", { class: "n" }, was === was ? fixed(was, 0) : texts.unranked)]),
          element("th", { scope: "row" }, contract.names[i]), element("td", { class: "n strong" }, fixed(found.score[i], 1)),
          element("td", {}, classes[classOf(found, i)] ?? ""),
          contract.actions.length ? element("td", {}, actions[found.action[i]] ?? "") : null);
      }));
    };
    const planned = contract.planned
      ? Object.entries(contract.planned).filter(([id]) => id !== "none_stated" && id !== "not_planned").reduce((sum, [, count]) => sum + count, 0)
      : null;
    const heads = [...(alone ? [] : [[texts.rank, "n"], [texts.was, "n"]]), [texts.name, null], [texts.score, "n"], [deciding ? texts.class : texts.grades, null],
      ...(contract.actions.length ? [[texts.action, null]] : [])];
    const columns = [[texts.counts, null], [texts.as_evaluated, "n"], [texts.now, "n"], [texts.difference, "n"]];
    const outcome = element("div", { class: "outcome" },
      element("h3", {}, texts.outcome), alone ? null : moves,
      planned === null ? null : element("p", { class: "hint" }, filled(texts.planned, { count: fixed(planned, 0) })),
      alone ? null : table(null, columns, body),
      deciding ? element("details", {}, element("summary", {}, texts.others), table(null, columns, others)) : null,
      table(alone ? null : texts.first, heads, first, alone ? "first-ten" : "first-ten ranked"));
    return { outcome, show };
  };

  /* The first so many of the rated, in the order of their ranks. */
  const leaders = (found, many) => {
    const places = [];
    found.rank.forEach((rank, i) => { if (rank <= many) places.push(i); });
    return places.sort((a, b) => found.rank[a] - found.rank[b] || a - b).slice(0, many);
  };

  return { make, leaders };
})();
