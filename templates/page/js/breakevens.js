/* Break-even weights: where along the weight of one criterion another customer comes first, its siblings in
   proportion and all else as it is. Where scores are straight lines over the weight, whoever leads at both ends of
   a stretch leads all along it, so that none is missed; elsewhere (missing data, rules, other syntheses) the
   stretches are of one fortieth, and a shorter lead may be missed. */
page.breakEvens = (() => {
  const { engine } = page;

  const EDGE = 1e-6, EXACT = 1e-7, TIED = 1e-9, STRETCHES = 40;

  const leader = ({ score, status }) => {
    let first = -1;
    for (let i = 0; i < score.length; i += 1) {
      if (status[i] === 0 && (first < 0 || score[i] > score[first])) first = i;
    }
    return first;
  };
  const straight = (low, middle, high) => {
    for (let i = 0; i < low.score.length; i += 1) {
      if (low.status[i] !== middle.status[i] || high.status[i] !== middle.status[i]) return false;
      if (middle.status[i] === 0 && Math.abs(low.score[i] + high.score[i] - 2 * middle.score[i]) > 1e-7) return false;
    }
    return true;
  };

  /* `at` gives scores and standings at a weight; returns the weights and who leads from each on. */
  const search = (at) => {
    const ends = [EDGE, 0.5, 1 - EDGE].map((weight) => ({ weight, ...at(weight) }));
    const lines = straight(...ends);
    const known = (weight) => {
      const found = at(weight);
      return { weight, ...found, first: leader(found) };
    };
    const leads = (who, { score, status, first }) => first === who
      || (who >= 0 && status[who] === 0 && score[who] >= score[first] - TIED);
    const crossed = (who, low, high) => {  // where the leaders of the ends are even, by their lines
      const here = low.score[who] - low.score[high.first], there = high.score[high.first] - high.score[who];
      return low.weight + (high.weight - low.weight) * (here + there > 0 ? here / (here + there) : 0.5);
    };
    const marks = [];
    const marked = (weight, first) => {
      marks.push({ weight, first });
      return first;
    };
    /* Who leads at the upper end of a stretch, if `who` does at the lower; ties keep the leader there was. */
    const within = (who, low, high) => {
      if (leads(who, high)) return who;
      if (high.weight - low.weight < EXACT) return marked(high.weight, high.first);
      const even = crossed(who, low, high);
      const inside = lines && even - low.weight > EXACT && high.weight - even > EXACT;
      const middle = known(inside ? even : (low.weight + high.weight) / 2);
      if (inside && leads(who, middle) && leads(high.first, middle)) return marked(even, high.first);
      return within(within(who, low, middle), middle, high);
    };
    const stretches = lines ? 1 : STRETCHES;
    const stops = Array.from({ length: stretches + 1 }, (_, k) => known(Math.min(1 - EDGE, Math.max(EDGE, k / stretches))));
    let who = stops[0].first;
    for (let k = 0; k < stretches; k += 1) who = within(who, stops[k], stops[k + 1]);
    return { lines, least: stops[0].first, marks };
  };

  /* The break-evens of a node in one profile (0 is everybody's own weights). */
  const of = (model, state, profile, node) =>
    search((weight) => engine.standings(model, engine.withWeight(model, state, profile, node, weight)));

  return { of, search };
})();
