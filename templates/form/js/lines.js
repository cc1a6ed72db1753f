/* A form of lines: what each shows, and its questions; answers by line and question. */
(() => {
  const { read, place, filled, element } = form.frame;
  const data = read("form-data"), { record } = read("form-record"), texts = data.texts;
  const store = form.keeping.open(`evaluator:${data.digest}`, texts, () => content());
  const state = store.kept ?? { answers: Object.fromEntries(data.lines.flatMap((line) =>
    Object.entries(line.given).map(([question, value]) => [`${line.key}\t${question}`, value]))) };
  const asked = data.lines.flatMap((line) => data.questions
    .filter((question) => !line.only || line.only.includes(question.key)).map((question) => [line, question]));
  const counted = asked.filter(([, question]) => question.asked);

  const wrong = (question, value) => question.limits && !question.choices.length && value !== "" &&
    !(Number(value) >= question.limits[0] && Number(value) <= question.limits[1]);
  const keep = (key, value) => {
    if (value === "") delete state.answers[key]; else state.answers[key] = value;
    changed();
  };
  const control = (line, question, label) => {
    const key = `${line.key}\t${question.key}`, now = state.answers[key] ?? "";
    if (question.choices.length) {
      return element("select", { "aria-label": label, onchange: (event) => keep(key, event.target.value) },
        element("option", { value: "" }, texts.choose),
        ...question.choices.map(([value, said]) => element("option", { value, selected: value === now ? "" : null }, said)));
    }
    const text = question.limits === null;
    const field = element(text ? "textarea" : "input", { "aria-label": label, rows: text ? 2 : null,
      type: text ? null : "number", step: text ? null : "any", min: question.limits?.[0], max: question.limits?.[1],
      inputmode: text ? null : "decimal",
      oninput: (event) => {
        const bad = wrong(question, event.target.value) || event.target.validity.badInput;
        field.setAttribute("aria-invalid", String(bad));
        told.hidden = !bad;
        keep(key, bad ? "" : event.target.value.trim());
      } });
    field.value = now;
    const told = element("small", { class: "bad", hidden: "" }, text ? "" : filled(texts.between, { low: question.limits[0], high: question.limits[1] }));
    return element("div", {}, field, told);
  };
  const card = (line) => {
    const [title, ...rest] = line.shown;
    return element("li", {}, element("h3", {}, title), ...rest.filter(Boolean).map((said) => element("p", { class: "hint" }, said)),
      ...data.questions.filter((question) => !line.only || line.only.includes(question.key)).map((question) =>
        element("label", {}, question.heading, control(line, question, `${title}: ${question.heading}`))));
  };

  const progress = () => {
    const done = counted.filter(([line, question]) => state.answers[`${line.key}\t${question.key}`] !== undefined && !itself(line, question)).length;
    place("bar").value = done;
    const left = Math.max(0, data.needed - done);
    place("progress").textContent = left ? filled(texts.progress, { count: done, total: data.needed }) : data.done;
    place("blanks").textContent = left ? filled(texts.blanks, { count: left }) : "";
  };
  /* An item that is marked is compared with the others, not with itself. */
  const itself = (line, { key }) => form.bestWorst &&
    { best: "best_over", worst: "over_worst" }[state.answers[`${line.key}\trole`]] === key;
  const content = () => ({ answers: asked.flatMap(([line, question]) => {
    if (itself(line, question)) return [];
    const value = state.answers[`${line.key}\t${question.key}`];
    return value === undefined ? [] : [[line.key, question.key, value]];
  }) });
  const code = () => (data.coded ? form.code.codeOf(data.form, data.person,
    asked.map(([line, question]) => (itself(line, question) ? 0
      : 1 + question.choices.findIndex(([value]) => value === state.answers[`${line.key}\t${question.key}`]))),
    asked.map(([, { choices }]) => choices.length + 1)) : "");
  const file = () => form.seal.fileOf(record, data.digest, content(), code());
  const changed = () => {
    progress();
    if (place("code")) place("code").value = code();
    if (!place("file").hidden) place("file").value = file();
    store.keep(state);
  };

  place("bar").max = data.needed;
  const tools = { state, questions: data.questions, control, texts, changed: () => changed() };
  for (let first = 0, last; first < data.lines.length; first = last) {
    const { under } = data.lines[first];
    for (last = first; last < data.lines.length && data.lines[last].under === under; last += 1);
    const group = data.lines.slice(first, last);
    if (under) place("lines").append(element("h2", {}, under));
    place("lines").append(...(form.bestWorst ? form.bestWorst(group, tools) : group.map(card)));
  }
  form.code.offer(texts.copied);
  place("save").addEventListener("click", () => form.keeping.finish(`${data.file}.json`, file));
  changed();
})();
