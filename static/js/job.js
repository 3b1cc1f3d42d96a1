// Long work: the panel follows by itself. Without this file the page loads itself anew.
(() => {
  "use strict";

  const EVERY = 1500;

  async function follow() {
    const panel = document.querySelector("[data-job]");
    try {
      const response = await fetch(location.href, { credentials: "same-origin" });
      // Led on to the result, or to the sign-in page: go there.
      if (response.redirected) return location.assign(response.url);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const next = page.querySelector("[data-job]");
      if (!response.ok || !next) return location.reload();
      // Ended: the whole page, with its form and what reads it aloud.
      if (next.dataset.job !== "queued" && next.dataset.job !== "running") return location.reload();
      panel.replaceChildren(...next.childNodes);
    } catch {
      // No line for the moment; the work goes on without us.
    }
    setTimeout(follow, EVERY);
  }

  setTimeout(follow, EVERY);
})();
