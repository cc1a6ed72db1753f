/* Answers are kept by a server as they are given: one request at a time, the newest answers, until they are there. */
form.keeping = (() => {
  const { read, place } = form.frame;
  const { server } = read("form-data"), texts = server.texts;
  const CALM = 700, FIRST_WAIT = 1000, LONGEST_WAIT = 30000, AGAIN = [0, 429, 500, 502, 503, 504];
  let { line, version } = server;
  let content = null, wanted = null, busy = false, closed = false, pause = FIRST_WAIT, timer = 0;

  const say = (text, kind = "hint") => { place("kept").textContent = text; place("kept").className = kind; };
  const post = async (final) => {
    try {
      const answer = await fetch(server.save, { method: "POST", credentials: "same-origin", redirect: "error", keepalive: final,
        headers: { "Content-Type": "application/json", "X-Form-Token": server.token },
        body: JSON.stringify({ line, version, final, ...content() }) });
      return { status: answer.status, told: answer.ok ? await answer.json() : null };
    } catch { return { status: 0, told: null }; }
  };
  const flush = async () => {
    clearTimeout(timer);
    if (busy || closed || wanted === null) return;
    const final = wanted;
    busy = true;
    wanted = null;
    say(final ? texts.sending : texts.saving);
    const { status, told } = await post(final);
    busy = false;
    if (told) {
      pause = FIRST_WAIT;
      ({ line, version } = told);
      if (wanted === null) say(told.forked ? texts.elsewhere : final ? texts.sent : texts.saved, final ? "note sent" : "hint");
      if (final) place("kept").scrollIntoView({ block: "nearest" });
      if (final && wanted === null) place("progress").textContent = texts.handed_in;
    } else if (AGAIN.includes(status)) {
      wanted = wanted || final;
      say(texts.unsaved, "bad");
      timer = setTimeout(flush, pause);
      pause = Math.min(LONGEST_WAIT, 2 * pause);
      return;
    } else {
      closed = true;
      say(texts.closed, "bad");
      return;
    }
    if (wanted !== null) flush();
  };
  const later = () => { clearTimeout(timer); timer = setTimeout(flush, CALM); };

  const open = (key, _, now) => {
    content = now;
    let first = true;
    say(server.sent || "");
    return { kept: null, keep: () => {
      if (first) {
        first = false;
        if (server.sent) place("progress").textContent = texts.handed_in;
        return;
      }
      wanted = wanted || false;
      later();
    } };
  };
  const finish = () => { wanted = true; flush(); };

  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") flush(); });
  window.addEventListener("beforeunload", (event) => { if (wanted !== null || busy) event.preventDefault(); });
  return { open, finish, copy: async () => false };
})();
