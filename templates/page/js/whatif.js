/* What if: the state of weights, cuts and bounds, what follows from it, and the address that keeps it.
   Other modules ask `onChange` for the counts, and `of` for one customer, as they are now. */
page.whatif = (() => {
  const { data } = page.frame;
  const { engine } = page;

  const contract = data.whatif;
  const listeners = [];
  let model = null, evaluated = null, found = null, counts = null, base = null, state = null, differs = false;

  /* Reads the contract when it is first needed; false where this browser does not come to its figures. */
  const ready = () => {
    if (!contract || model) return model !== null && base !== null;
    model = engine.decoded(contract);
    const first = engine.evaluate(model, model.evaluated);
    const come = engine.counted(model, first);
    const alike = (here, there) => Object.keys({ ...here, ...there }).every((key) => (here[key] ?? 0) === (there[key] ?? 0));
    const { evaluated: wanted } = contract;
    const same = come.rated === wanted.rated && alike(come.grades, wanted.grades)
      && (model.actions.length === 0 || alike(come.actions, wanted.actions))
      && model.matrices.every((matrix) => alike(come.classes[matrix.id], wanted.classes[matrix.id]));
    if (!same) return false;
    [evaluated, found, base, counts, state] = [first, first, come, come, engine.stateOf(contract)];
    return true;
  };

  /* Every number of a state by the name it has in the address. */
  const spelled = (of) => {
    const entries = Object.entries(of.local).map(([node, value]) => [`w.${node}`, value]);
    of.profiles.forEach((own, place) => {
      for (const [node, value] of Object.entries(own)) entries.push([`p.${contract.profiles[place].id}.${node}`, value]);
    });
    for (const [id, sides] of Object.entries(of.cuts)) {
      for (const side of ["x", "y"]) sides[side].forEach((cut, place) => entries.push([`${side}.${id}.${place}`, cut]));
    }
    of.bounds.forEach((bound, place) => entries.push([`g.${contract.grades[place].id}`, bound]));
    return entries;
  };
  const changes = () => {
    const before = new Map(spelled(model.evaluated));
    return spelled(state).filter(([key, value]) => Math.abs(value - before.get(key)) > 1e-9);
  };
  const address = () => {
    const parts = changes().map(([key, value]) => `${encodeURIComponent(key)}=${Number(value.toFixed(6))}`);
    return parts.length ? `#whatif?${parts.join("&")}` : "#whatif";
  };
  const read = (hash) => {
    const stated = new Map(hash.replace(/^#whatif\??/, "").split("&").filter(Boolean)
      .map((part) => part.split("=").map(decodeURIComponent)).map(([key, value]) => [key, Number(value)]));
    const next = engine.copied(model.evaluated);
    const [low, high] = contract.range;
    const take = (key, before, least, most) => {
      const value = stated.get(key);
      return value !== undefined && value >= least && value <= most ? value : before;
    };
    const whole = (local) => {  // weights were written with six decimals: they sum to 1 again
      for (const group of model.groups) {
        const total = group.children.reduce((sum, child) => sum + (local[child] ?? NaN), 0);
        if (total > 0) for (const child of group.children) local[child] /= total;
      }
    };
    for (const node of Object.keys(next.local)) next.local[node] = take(`w.${node}`, next.local[node], 0, 1);
    next.profiles.forEach((own, place) => {
      for (const node of Object.keys(own)) own[node] = take(`p.${contract.profiles[place].id}.${node}`, own[node], 0, 1);
    });
    if ([...stated.keys()].some((key) => key.startsWith("w."))) whole(next.local);
    if ([...stated.keys()].some((key) => key.startsWith("p."))) next.profiles.forEach(whole);
    for (const [id, sides] of Object.entries(next.cuts)) {
      for (const side of ["x", "y"]) {
        sides[side] = sides[side].map((cut, place) => take(`${side}.${id}.${place}`, cut, low, high)).sort((a, b) => a - b);
      }
    }
    next.bounds = next.bounds.map((bound, place) => take(`g.${contract.grades[place].id}`, bound, low, high))
      .sort((a, b) => b - a);
    return next;
  };

  /* What everybody is told who asked: the state, what follows, and how it stood. */
  const told = () => ({ differs, state, found, counts, evaluated, base, model });
  const set = (next) => {
    state = next;
    differs = changes().length > 0;
    found = differs ? engine.evaluate(model, state) : evaluated;
    counts = differs ? engine.counted(model, found) : base;
    for (const listener of listeners) listener(told());
  };
  const setWeight = (profile, node, weight) =>
    set(engine.withWeight(model, state, profile, node, Math.min(1, Math.max(0, weight))));
  /* A cut stays between its neighbours. */
  const between = (value, values, place, rising) => {
    const [before, after] = [values[place - 1], values[place + 1]];
    const least = (rising ? before : after) ?? contract.range[0], most = (rising ? after : before) ?? contract.range[1];
    return Math.min(most, Math.max(least, value));
  };
  const setCut = (matrix, side, place, value) => {
    const next = engine.copied(state);
    next.cuts[matrix][side][place] = between(value, next.cuts[matrix][side], place, true);
    set(next);
  };
  const setBound = (place, value) => {
    const next = engine.copied(state);
    next.bounds[place] = between(value, next.bounds, place, false);
    set(next);
  };
  const reset = () => set(engine.copied(model.evaluated));

  /* The score of some customers over the weight of one criterion, its siblings in proportion. */
  const over = (places, profile, node, weights) => {
    const some = engine.only(model, places);
    return weights.map((weight) => engine.standings(some, engine.withWeight(model, state, profile, node, weight)).score);
  };

  /* One customer as it is now, by id; null as long as nothing differs. */
  let places = null;
  const of = (id) => {
    if (!differs) return null;
    places ??= new Map(contract.ids.map((one, place) => [one, place]));
    const i = places.get(id);
    if (i === undefined) return null;
    const number = (value) => (value === value ? value : null);
    return {
      score: number(found.score[i]), rank: number(found.rank[i]), grade: found.grade[i], action: found.action[i],
      classes: Object.fromEntries(Object.entries(found.classes).map(([id, values]) => [id, values[i]])),
    };
  };
  const onChange = (listener) => { listeners.push(listener); };

  return { contract, ready, told, setWeight, setCut, setBound, reset, over, of, onChange, address, set,
    restore: (hash) => set(read(hash)) };
})();
