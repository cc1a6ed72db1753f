"use strict";
/* Shows anew who has answered what, but never under the hands of somebody who has opened a menu. */
(() => {
  const every = 1000 * Number(document.body.dataset.refresh);
  setInterval(() => { if (!document.hidden && !document.querySelector("details[open]")) window.location.reload(); }, every);
})();
