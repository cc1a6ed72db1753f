/* What would lift a customer: the least change of one indicator by itself after which its class is a better one.
   Every indicator is tried on a copy of the customer, all copies at once, by halving; rules and caps apply. */
page.lifts = (() => {
  const { data, texts, element, filled } = page.frame;
  const { percent, measured } = page.numbers;
  const { engine, whatif } = page;

  const given = whatif.contract?.lifts;
  if (!given || !page.customer.lifts) return { of: () => null };
  const SHOWN = 5, HALVINGS = 60;
  const names = Object.keys(given.scales);
  let places = null;

  /* The measure nearest to the one there is at which a scale of straight pieces comes to a score. */
  const measureAt = (points, score, measure) => {
    let nearest = null;
    const take = (at) => { if (nearest === null || Math.abs(at - measure) < Math.abs(nearest - measure)) nearest = at; };
    points.forEach(([at, value], k) => {
      if (value >= score) take(at);
      const [before, lower] = points[k - 1] ?? [at, value];
      if (k && (lower < score) !== (value < score)) take(before + (score - lower) / (value - lower) * (at - before));
    });
    return nearest;
  };
  const standing = (found, model) => (model.decides === "grade" ? found.grade : found.classes[model.decides]);

  /* What the customer has, and each step that reaches something better: indicator, from, to, and what it is then. */
  const of = (id) => {
    if (!whatif.ready()) return null;
    const { model, evaluated } = whatif.told();
    places ??= new Map(whatif.contract.ids.map((one, place) => [one, place]));
    const i = places.get(id);
    if (i === undefined || evaluated.status[i] !== 0) return null;
    const now = standing(evaluated, model)[i];
    const better = given.better[now] ?? [];
    const tops = names.map((leaf) => Math.max(...given.scales[leaf].points.map((point) => point[1])));
    const open = names.map((leaf, k) => k).filter((k) => model.leaves[names[k]][i] < tops[k]);
    if (!better.length) return null;
    const copies = engine.only(model, open.map(() => i));
    const trial = (scores) => {
      open.forEach((k, copy) => { copies.leaves[names[k]].fill(model.leaves[names[k]][i])[copy] = scores[copy]; });
      return standing(engine.evaluate({ ...copies, settled: new Map() }, model.evaluated), model);
    };
    let high = open.map((k) => tops[k]);
    let low = open.map((k) => model.leaves[names[k]][i]);
    const reaches = trial(high).map((one) => better.includes(one));
    for (let round = 0; round < HALVINGS; round += 1) {
      const middle = low.map((value, copy) => (value + high[copy]) / 2);
      const there = trial(middle).map((one) => better.includes(one));
      high = high.map((value, copy) => (there[copy] ? middle[copy] : value));
      low = low.map((value, copy) => (there[copy] ? value : middle[copy]));
    }
    const then = trial(high);
    const row = page.customers.rowOf(id);
    const steps = open.flatMap((k, copy) => {
      const leaf = data.customers.leaves.find((one) => one.id === names[k]);
      const measure = leaf?.measures[row] ?? null;
      if (!reaches[copy] || measure === null) return [];
      const { points, up_to } = given.scales[names[k]];
      const needed = measureAt(points, high[copy], measure);
      if (needed === null || (up_to !== null && (needed - measure) * (up_to - needed) < 0)) return [];
      const span = points[points.length - 1][0] - points[0][0];
      return [{ leaf, measure, needed, then: then[copy], share: Math.abs(needed - measure) / span }];
    });
    return { now, steps: steps.sort((a, b) => a.share - b.share) };
  };

  page.customer.lifts.push((row) => {
    const found = of(page.customers.list.ids[row]);
    if (!found) return null;
    const words = page.customers.columns.get(data.customers.deciding).words;
    const called = (name) => words.find(([key]) => key === name)?.[1] ?? name;
    const say = (key, values = {}) => filled(texts[`customer.${key}`], values);
    const unit = ({ unit }) => (unit ? ` ${unit}` : "");
    const lines = found.steps.slice(0, SHOWN).map((step) => element("li", {}, element("b", {}, step.leaf.name),
      ` ${measured(step.measure, step.leaf)} → ${measured(step.needed, step.leaf)}${unit(step.leaf)} `,
      element("span", { class: "hint" }, say("lift_step", { name: called(step.then), share: percent(step.share) }))));
    return element("section", { class: "of-lift" }, element("h3", {}, say("lift")),
      lines.length ? element("ul", {}, ...lines) : element("p", {}, say("lift_none")),
      element("p", { class: "hint" }, say("lift_says")));
  });

  return { of };
})();
