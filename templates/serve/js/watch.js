"use strict";
/* Asks where the session stands and shows it anew when it has gone on; a slider stands for the list of answers. */
(() => {
  const body = document.body, key = body.dataset.key, EVERY = 1200, WHEN_HIDDEN = 5000, LONGEST = 15000;
  let pause = EVERY;
  const look = async () => {
    try {
      const answer = await fetch(body.dataset.watch, { credentials: "same-origin" });
      if (answer.ok) {
        const told = await answer.json(), count = document.getElementById("votes");
        if (told.key !== key) { window.location.replace(window.location.pathname); return; }
        if (count && told.votes !== undefined) count.textContent = count.dataset.said.replace("#", told.votes);
        pause = EVERY;
      } else if ([403, 410].includes(answer.status)) { window.location.reload(); return; } else pause = Math.min(LONGEST, 2 * pause);
    } catch { pause = Math.min(LONGEST, 2 * pause); }
    setTimeout(look, document.hidden ? WHEN_HIDDEN : pause);
  };
  setTimeout(look, pause);

  const list = document.getElementById("answer");
  if (!list) return;
  const slider = document.getElementById("slider"), said = document.getElementById("said"), send = document.getElementById("cast");
  const show = () => {
    const chosen = list.selectedIndex > 0;
    slider.value = chosen ? list.selectedIndex - 1 : 8;
    slider.classList.toggle("open", !chosen);
    said.textContent = list.options[list.selectedIndex].textContent;
    said.className = chosen ? "said" : "said open";
    slider.setAttribute("aria-valuetext", said.textContent);
    for (const side of document.querySelectorAll("[data-level]")) {
      const at = Number(side.dataset.level), now = list.selectedIndex - 1;
      side.setAttribute("aria-pressed", String(chosen && (at === 8 ? now === 8 : at < 8 ? now < 8 : now > 8)));
    }
    send.disabled = !chosen;
  };
  const choose = (level) => { list.selectedIndex = level + 1; show(); };
  document.getElementById("with_script").hidden = false;
  document.getElementById("without_script").hidden = true;
  for (const name of ["input", "click"]) slider.addEventListener(name, () => choose(Number(slider.value)));
  for (const side of document.querySelectorAll("[data-level]")) side.addEventListener("click", () => choose(Number(side.dataset.level)));
  show();
})();
