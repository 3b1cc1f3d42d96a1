// What an officer types on a telephone is not lost when the line breaks. Without this file the page is a plain form.
// A draft has the mark of the last visit on record: once another one is there, it has been sent and is dropped.
(() => {
  "use strict";

  const FIELDS = ["unit", "day", "remark", "promise", "promise_due", "promise_undated"];

  function read(key) {
    try { return JSON.parse(localStorage.getItem(key) || "null"); } catch { return null; }
  }

  function drop(key) {
    try { localStorage.removeItem(key); } catch { /* nothing was kept */ }
  }

  function keepWhatIsTyped(form) {
    const key = form.dataset.visitDraft;
    const note = form.querySelector("[data-visit-note]");
    const fields = FIELDS.map((name) => form.elements.namedItem(name)).filter(Boolean);
    const typed = () => Object.fromEntries(fields.map((field) => [field.name, field.type === "checkbox" ? field.checked : field.value]));
    const begun = JSON.stringify(typed());

    const say = (text) => {
      note.textContent = text;
      note.hidden = !text;
    };
    const keep = () => {
      const values = typed();
      if (JSON.stringify(values) === begun) return drop(key);
      try { localStorage.setItem(key, JSON.stringify({ stamp: form.dataset.visitStamp, values })); } catch { /* full or forbidden */ }
      return undefined;
    };

    const kept = read(key);
    if (kept && kept.stamp === form.dataset.visitStamp) {
      for (const field of fields) if (field.name in kept.values) field[field.type === "checkbox" ? "checked" : "value"] = kept.values[field.name];
      if (form.elements.namedItem("promise")?.value) form.querySelector("details").open = true;
      if (JSON.stringify(typed()) !== begun) say(form.dataset.back);
    } else if (kept) {
      drop(key);
    }

    form.addEventListener("input", keep);
    // Without a line the browser would leave the page for one of its own.
    form.addEventListener("submit", (event) => {
      keep();
      if (navigator.onLine) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      say(form.dataset.offline);
      note.scrollIntoView({ block: "center" });
    }, { capture: true });
    addEventListener("offline", () => say(form.dataset.offline));
    addEventListener("online", () => say(form.dataset.online));
  }

  // The first page says of which hamlets something typed is still waiting.
  function tellWaiting(place) {
    const kept = read(place.dataset.visitDraft);
    if (!kept) return;
    if (kept.stamp === place.dataset.visitStamp) place.hidden = false;
    else drop(place.dataset.visitDraft);
  }

  document.querySelectorAll("form[data-visit-draft]").forEach(keepWhatIsTyped);
  document.querySelectorAll("[data-visit-waiting]").forEach(tellWaiting);
})();
