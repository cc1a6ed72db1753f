/* The questions, one by one or as a list, and what they come to. */
(() => {
  const { read, place, filled, element } = form.frame;
  const data = read("form-data"), { record } = read("form-record"), texts = data.texts;
  const { RATIOS, evaluate } = form.ahp;
  const EQUAL = RATIOS.indexOf(1), FIRST = RATIOS.indexOf(3), SECOND = RATIOS.findIndex((ratio) => ratio === 1 / 3);
  const SECONDS = 25, MOST_UNDONE = 200;

  /* ---- what is asked, and what is answered: a place among the ratios, null for a blank ---- */
  const questions = data.groups.flatMap((group, at) => group.pairs.map((pair, index) => ({ group, at, pair, index })));
  const level = (ratio) => (ratio === null ? null : RATIOS.findIndex((one) => Math.abs(one - ratio) < 1e-12));
  const store = form.keeping.open(`evaluator:${data.form}:${data.person}`, texts, () => content());
  const given = questions.map(({ group, index }) => { const at = level(group.given[index]); return at === null || at < 0 ? null : at; });
  const state = store.kept ?? { answers: given, remarks: { ...data.remarks }, at: Math.max(0, given.indexOf(null)), list: false };
  const undone = [];
  const ratiosOf = (at) => questions.flatMap((one, number) => (one.at === at
    ? [state.answers[number] === null ? null : RATIOS[state.answers[number]]] : []));
  const sentence = ({ group, pair }, answer) => data.patterns[answer][1].replace(/\{[ab]\}/g, (which) =>
    group.children[pair[which === "{a}" ? 0 : 1]].name);
  const answer = (number, value) => {
    if (state.answers[number] === value) return;
    undone.push([number, state.answers[number]]);
    if (undone.length > MOST_UNDONE) undone.shift();
    state.answers[number] = value;
    changed();
  };

  /* ---- one question ---- */
  const choice = (number) => {
    const one = questions[number], now = state.answers[number];
    const [a, b] = one.pair.map((child) => one.group.children[child]);
    const side = (child, value, chosen) => element("button", { type: "button", class: "side", "aria-pressed": String(chosen),
      onclick: () => { answer(number, chosen ? now : value); } },
    element("b", {}, child.name), child.meaning ? element("small", {}, child.meaning) : null);
    const said = element("output", { class: now === null ? "said open" : "said", for: "slider" }, now === null ? texts.unanswered : sentence(one, now));
    const slider = element("input", { type: "range", id: "slider", min: 0, max: RATIOS.length - 1, step: 1,
      value: now ?? EQUAL, class: now === null ? "open" : null, "aria-label": filled(texts.question, { group: one.group.name }),
      "aria-valuetext": said.textContent,
      oninput: (event) => {
        const value = Number(event.target.value);
        said.textContent = sentence(one, value);
        said.className = "said"; slider.classList.remove("open");
        slider.setAttribute("aria-valuetext", said.textContent);
      },
      onchange: (event) => answer(number, Number(event.target.value)),
      onclick: (event) => answer(number, Number(event.target.value)) });
    return element("div", { class: "question" },
      element("p", { class: "asks" }, filled(texts.question, { group: one.group.name })),
      element("div", { class: "sides" }, side(a, FIRST, now !== null && now < EQUAL),
        element("button", { type: "button", class: "same", "aria-pressed": String(now === EQUAL), onclick: () => answer(number, EQUAL) }, texts.equal),
        side(b, SECOND, now !== null && now > EQUAL)),
      slider, said, spread(one, now));
  };
  /* How the group answered in the round before, on the same levels as the slider. */
  const spread = (one, now) => {
    const counts = one.group.spread[one.index];
    if (!counts) return null;
    const total = counts.reduce((sum, count) => sum + count, 0), most = Math.max(...counts);
    let below = 0;
    const middle = counts.findIndex((count) => { below += count; return 2 * below >= total; });
    return element("div", { class: "spread" },
      element("div", { class: "columns", "aria-hidden": "true" }, ...counts.map((count, value) => {
        const column = element("i", { class: value === now ? "own" : null });
        column.style.height = `${100 * count / most}%`;
        return column;
      })),
      element("div", { class: "levels_of", "aria-hidden": "true" }, ...RATIOS.map((ratio) => element("small", {}, String(Math.round(Math.max(ratio, 1 / ratio)))))),
      element("p", { class: "hint" }, filled(texts.spread, { count: total, sentence: sentence(one, middle) })),
      now === null ? null : element("p", { class: "hint" }, texts.yours));
  };
  const walk = (step) => {
    state.at = Math.min(questions.length - 1, Math.max(0, state.at + step));
    changed();
  };
  const oneByOne = () => {
    const number = state.at, one = questions[number];
    return [
      element("h2", {}, one.group.name, element("small", {}, filled(texts.of_group, { number: one.index + 1, total: one.group.pairs.length }))),
      one.group.meaning ? element("p", { class: "hint" }, one.group.meaning) : null,
      choice(number),
      element("div", { class: "steps" },
        element("button", { type: "button", disabled: number === 0 || null, onclick: () => walk(-1) }, texts.back),
        element("button", { type: "button", disabled: state.answers[number] === null || null, onclick: () => answer(number, null) }, texts.blank),
        element("button", { type: "button", class: "main", disabled: number === questions.length - 1 || null, onclick: () => walk(1) }, texts.next)),
      figures(one.at),
    ];
  };

  /* ---- the list ---- */
  const listed = () => data.groups.flatMap((group, at) => [
    element("h2", {}, group.name),
    group.meaning ? element("p", { class: "hint" }, group.meaning) : null,
    element("ol", { class: "pairs" }, ...questions.flatMap((one, number) => (one.at !== at ? [] : [
      element("li", {}, element("label", {}, one.pair.map((child) => group.children[child].name).join(" · "),
        element("select", { onchange: (event) => answer(number, event.target.value === "" ? null : Number(event.target.value)) },
          element("option", { value: "" }, texts.choose),
          ...RATIOS.map((_, value) => element("option", { value, selected: state.answers[number] === value ? "" : null }, sentence(one, value)))))),
    ]))),
    figures(at),
  ]);

  /* ---- what the answers of a group come to ---- */
  const figures = (at) => {
    const group = data.groups[at], ratios = ratiosOf(at), found = evaluate(group, ratios);
    const first = questions.findIndex((one) => one.at === at);
    const verdict = found.left ? filled(texts.waiting, { count: found.left })
      : !group.tested ? texts.untested
        : filled(found.consistent ? texts.good : texts.bad, { number: found.cr.toFixed(3), limit: group.limit.toFixed(2) });
    const remark = element("textarea", { rows: 2, "aria-label": texts.remark, placeholder: texts.remark,
      oninput: (event) => { state.remarks[group.id] = event.target.value; keep(); finish(); } });
    remark.value = state.remarks[group.id] ?? "";
    return element("section", { class: "figures" },
      element("h3", {}, texts.weights),
      found.weights ? element("dl", {}, ...group.children.map((child, place) => element("div", {},
        element("dt", {}, child.name), element("dd", {}, `${(100 * found.weights[place]).toFixed(1)}%`),
        bar(found.weights[place])))) : null,
      element("p", { class: found.left ? "hint" : found.consistent || !group.tested ? "good" : "bad" }, verdict),
      found.worst < 0 ? null : element("p", { class: "fits" },
        filled(texts.fits, { sentence: sentence(questions[first + found.worst], found.fitting) }), " ",
        element("button", { type: "button", onclick: () => { state.list = false; state.at = first + found.worst; changed(); } }, texts.go)),
      ...found.cycles.slice(0, 3).map((three) => element("p", { class: "bad" },
        filled(texts.cycle, { names: [...three, three[0]].map((child) => group.children[child].name).join(" > ") }))),
      remark);
  };
  const bar = (share) => {
    const fill = element("i");
    fill.style.width = `${100 * share}%`;
    return element("span", { class: "bar", "aria-hidden": "true" }, fill);
  };

  /* ---- progress, and what is sent ---- */
  const progress = () => {
    const done = state.answers.filter((one) => one !== null).length, total = questions.length;
    const minutes = Math.ceil((total - done) * SECONDS / 60);
    place("bar").value = done;
    place("progress").textContent = done === total ? data.done
      : `${filled(texts.progress, { count: done, total })} · ${filled(texts.minutes, { minutes })}`;
    place("undo").disabled = undone.length === 0;
  };
  const said = (value) => (value >= 1 ? String(value) : `1/${Math.round(1 / value)}`);
  const code = () => form.code.codeOf(data.form, data.person, state.answers.map((one) => (one === null ? 0 : one + 1)),
    questions.map(() => RATIOS.length + 1));
  const answers = () => questions.flatMap(({ group, pair }, number) => (state.answers[number] === null ? []
    : [[group.id, ...pair.map((child) => group.children[child].id), said(RATIOS[state.answers[number]])]]));
  const content = () => ({ answers: answers(),
    remarks: Object.fromEntries(Object.entries(state.remarks).filter(([, text]) => text.trim())) });
  const file = () => form.seal.fileOf(record, data.digest, content(), code());
  const finish = () => {
    const left = questions.flatMap((_, number) => (state.answers[number] === null ? [number] : []));
    place("blanks").replaceChildren(...(left.length ? [filled(texts.blanks, { count: left.length }), " ",
      element("button", { type: "button", onclick: () => { state.list = false; [state.at] = left; changed(); } }, texts.go)] : []));
    if (place("code")) place("code").value = code();
    if (!place("file").hidden) place("file").value = file();
  };
  const keep = () => store.keep(state);
  const changed = () => {
    const work = place("work"), focused = document.activeElement?.id;
    work.replaceChildren(...(state.list ? listed() : oneByOne()).filter(Boolean));
    if (focused && place(focused)) place(focused).focus();
    place("one").setAttribute("aria-pressed", String(!state.list));
    place("list").setAttribute("aria-pressed", String(state.list));
    progress(); finish(); keep();
  };

  place("bar").max = questions.length;
  place("one").addEventListener("click", () => { state.list = false; changed(); });
  place("list").addEventListener("click", () => { state.list = true; changed(); });
  place("undo").addEventListener("click", () => {
    const [number, value] = undone.pop() ?? [];
    if (number === undefined) return;
    state.answers[number] = value;
    state.at = number;
    changed();
  });
  place("save").addEventListener("click", () => form.keeping.finish(`${data.file}.json`, file));
  form.code.offer(texts.copied);
  changed();
})();
