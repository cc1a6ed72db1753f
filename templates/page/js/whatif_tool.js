/* What if, put together where it stands: made when it is first looked at, or when the address says something. */
page.whatifTool = (() => {
  const { element } = page.frame;
  const { whatif } = page;

  const place = document.getElementById("whatif-tool");
  let started = false, waiting = false;

  const start = () => {
    if (started || !place) return started;
    started = true;
    const { texts } = whatif.contract;
    if (!whatif.ready()) {
      place.replaceChildren(element("p", { class: "note" }, texts.differs));
      return false;
    }
    const controls = page.whatifControls.make();
    const outcome = page.whatifOutcome.make();
    const none = { pictures: "", show: () => {} };  // of one alone there is nobody to compare with
    const pictures = Object.keys(whatif.contract.pictures).length ? page.whatifPictures.make(controls) : none;
    place.replaceChildren(element("p", { class: "lead" }, place.dataset.lead),
      element("div", { class: "sides" }, controls.controls, outcome.outcome), pictures.pictures);
    controls.controls.addEventListener("change", pictures.show);
    const back = element("button", { type: "button" }, texts.back);
    back.addEventListener("click", () => whatif.reset());
    const link = element("a", { href: "#whatif" }, texts.show);
    const band = element("div", { class: "otherwise", role: "status", hidden: "" },
      element("span", {}, texts.changed), element("span", { class: "screen" }, link, " ", back));
    document.body.append(band);
    let noted = null;
    const note = () => {
      window.clearTimeout(noted);
      noted = window.setTimeout(() => window.history.replaceState(null, "", whatif.address()), 250);
    };
    const follow = () => {
      waiting = false;
      const now = whatif.told();
      outcome.show(now);
      pictures.show();
    };
    whatif.onChange((now) => {
      controls.show();
      band.hidden = !now.differs;
      link.href = whatif.address();
      note();
      if (!waiting) {
        waiting = true;
        window.requestAnimationFrame(follow);
      }
    });
    outcome.show(whatif.told());
    return true;
  };

  const restore = () => {
    if (window.location.hash.startsWith("#whatif?") && start()) whatif.restore(window.location.hash);
  };
  if (place && whatif.contract) {
    const seen = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) { seen.disconnect(); start(); }
    }, { rootMargin: "400px" });
    seen.observe(place);
    window.addEventListener("hashchange", restore);
    restore();
  }

  return { start };
})();
