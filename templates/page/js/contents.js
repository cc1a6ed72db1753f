/* Contents: say where the reader is; fold away on a phone. */
page.contents = (() => {
  const contents = document.querySelector(".contents details");
  if (window.matchMedia("(max-width: 640px)").matches) contents.open = false;
  const links = new Map([...document.querySelectorAll(".contents a")].map((link) => [link.hash.slice(1), link]));
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const link of links.values()) link.classList.remove("here");
      links.get(entry.target.id).classList.add("here");
    }
  }, { rootMargin: "-10% 0px -80% 0px" });
  for (const part of document.querySelectorAll("main > section")) watch.observe(part);

  return {};
})();
