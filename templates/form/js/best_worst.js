/* Best and worst: the two are chosen first, then the others are compared with them by name. */
form.bestWorst = (lines, { state, questions, control, changed, texts }) => {
  const { element, filled, place } = form.frame;
  const box = element("li", { class: "marks" }), aside = state.aside ??= {};
  const of = (line, question) => `${line.key}\t${question}`, name = (line) => line.shown[0];
  const marked = (role) => lines.find((line) => state.answers[of(line, "role")] === role);

  /* What was said beside another item is no answer about this one: it is put aside, and comes back with that item. */
  const swap = (question, before, now) => {
    if (before === now) return;
    for (const line of lines) {
      const key = of(line, question), said = state.answers[key], again = aside[`${key}\t${now?.key}`];
      if (said !== undefined) aside[`${key}\t${before?.key}`] = said;
      if (again === undefined) delete state.answers[key]; else state.answers[key] = again;
    }
  };
  const mark = (role, key) => {
    const best = marked("best"), worst = marked("worst"), before = marked(role);
    if (before) delete state.answers[of(before, "role")];
    if (key) state.answers[`${key}\trole`] = role;
    swap("best_over", best, marked("best"));
    swap("over_worst", worst, marked("worst"));
    draw();
    changed();
  };
  const choice = (role) => element("label", {}, texts[role], element("select", { id: `${role}:${lines[0].key}`,
    onchange: (event) => mark(role, event.target.value) },
  element("option", { value: "" }, texts.choose),
  ...lines.map((line) => element("option", { value: line.key, selected: marked(role) === line ? "" : null }, name(line)))));
  const compared = (line, question, a, b) => {
    const said = filled(texts.over, { a: name(a), b: name(b) });
    return element("label", {}, said, control(line, questions.find(({ key }) => key === question), said));
  };
  const draw = () => {
    const best = marked("best"), worst = marked("worst"), focused = document.activeElement?.id;
    box.replaceChildren(
      element("dl", { class: "items" }, ...lines.map((line) => element("div", {}, element("dt", {}, name(line)), element("dd", {}, line.shown[1] ?? "")))),
      choice("best"), choice("worst"),
      ...(best && worst
        ? [...lines.filter((line) => line !== best).map((line) => compared(line, "best_over", best, line)),
          ...lines.filter((line) => line !== best && line !== worst).map((line) => compared(line, "over_worst", line, worst))]
        : [element("p", { class: "hint" }, texts.first)]));
    if (focused && place(focused)) place(focused).focus();
  };
  draw();
  return [box];
};
