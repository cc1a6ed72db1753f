/* Everybody the ranking has no row for: the rest of it, and those not rated. */
page.directory = (() => {
  const { data, comparable } = page.frame;

  const directory = data.directory;
  const MOST_FOUND = 30;
  const entry = (place) => ({
    rank: directory.rank[place],
    id: directory.id[place],
    name: directory.name[place] ?? directory.id[place],
    score: directory.score[place],
    status: directory.status[place] === null ? "" : directory.statuses[directory.status[place]],
    grade: directory.grade[place] === null ? "" : directory.grades[directory.grade[place]],
    classes: directory.classes.map((places, matrix) =>
      places[place] === null ? "" : directory.classNames[matrix][places[place]]),
  });
  let everybody = null;
  const found = (sought) => {
    if (!directory || !sought) return [];
    everybody ??= directory.id.map((_, place) => {
      const one = entry(place);
      return comparable([one.name, one.id, one.grade, one.status, ...one.classes].join(" "));
    });
    const places = [];
    everybody.forEach((words, place) => { if (words.includes(sought)) places.push(place); });
    return places;
  };

  return { directory, entry, found, MOST_FOUND };
})();
