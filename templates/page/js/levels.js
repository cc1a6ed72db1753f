/* Decide, Explore, Evidence: one of them is shown. Which one, and where in it, is in the hash: so links
   and Back work, and a link to what is hidden or folded opens it. Without this script all are shown. */
page.levels = (() => {
  const { root } = page.frame;
  const levels = [...document.querySelectorAll("main > .level")];
  const tabs = levels.map((level) => document.getElementById(`tab-${level.id}`));
  const left = new Map();  // where a level was scrolled to when it was left
  let shown = null;

  /* What is hidden stays findable by the browser's own search, where the browser can do that. */
  const show = (level) => {
    if (shown) left.set(shown, window.scrollY);
    levels.forEach((one, place) => {
      if (one === level) one.removeAttribute("hidden");
      else one.setAttribute("hidden", "until-found");
      tabs[place].setAttribute("aria-selected", String(one === level));
      tabs[place].tabIndex = one === level ? 0 : -1;
    });
    shown = level;
    root.dataset.level = level.id;
  };
  const unfold = (place) => {
    for (let at = place; at; at = at.parentElement) if (at.localName === "details") at.open = true;
    const own = place.querySelector(":scope > details");
    if (own) own.open = true;
  };
  const reveal = (place) => {
    const level = place.closest(".level");
    if (level && level !== shown) show(level);
    unfold(place);
    place.scrollIntoView();
  };
  let pressed = false;  // a browser that goes to a place takes the focus there; a tab keeps it
  const turn = (level) => {
    const again = level === shown;
    if (!again) show(level);
    window.scrollTo(0, again ? 0 : left.get(level) ?? 0);
    if (pressed) tabs[levels.indexOf(level)].focus({ preventScroll: true });
    pressed = false;
  };
  /* What stands behind the name of a place, as in #list?class=key, is for the module of that place. */
  const follow = () => {
    const [id] = window.location.hash.slice(1).split(/[?&=]/);
    const place = id ? document.getElementById(id) : levels[0];
    if (!place) return;
    if (levels.includes(place)) turn(place);
    else reveal(place);
  };

  if (levels.length) {
    tabs[0].parentElement.setAttribute("role", "tablist");
    levels.forEach((level, place) => {
      const tab = tabs[place];
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", level.id);
      level.setAttribute("role", "tabpanel");
      level.setAttribute("aria-labelledby", tab.id);
      level.addEventListener("beforematch", () => show(level));
    });
    tabs[0].parentElement.addEventListener("click", (event) => { pressed = tabs.includes(event.target); });
    tabs[0].parentElement.addEventListener("keydown", (event) => {
      const at = tabs.indexOf(document.activeElement);
      const last = tabs.length - 1;
      const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at ? at - 1 : last, Home: 0, End: last }[event.key];
      if (at < 0 || to === undefined) return;
      event.preventDefault();
      tabs[to].click();
    });
    show(levels[0]);
    window.addEventListener("hashchange", follow);
    if (window.location.hash) follow();
    document.addEventListener("click", (event) => {  // the same link a second time changes no hash
      const link = event.target.closest("a[href^='#']");
      if (link && link.hash === window.location.hash) follow();
    });
  }

  return { reveal };
})();
