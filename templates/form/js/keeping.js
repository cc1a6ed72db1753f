/* Answers are kept in this browser until they are sent; a browser that keeps nothing says so. */
form.keeping = (() => {
  const open = (key) => {
    try {
      const kept = window.localStorage.getItem(key);
      window.localStorage.setItem(key, kept ?? "");
      return { kept: kept ? JSON.parse(kept) : null, keep: (state) => {
        try { window.localStorage.setItem(key, JSON.stringify(state)); return true; } catch { return false; }
      } };
    } catch {
      return { kept: null, keep: () => false };
    }
  };

  /* A page opened from a file or inside a messenger may refuse to save: the text can be selected as well. */
  const save = (name, text) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  const copy = async (field) => {
    field.focus();
    field.select();
    try { await navigator.clipboard.writeText(field.value); return true; } catch { return document.execCommand("copy"); }
  };

  return { open, save, copy };
})();
