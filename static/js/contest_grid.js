// The grid of congresses and elections: keys, paste of an Excel block, a word before unsaved entries are left.
// Without this file the page is one form with a button, and nothing is lost.
(() => {
  "use strict";

  const form = document.getElementById("contest-grid");
  if (!form) return;
  const FIELDS = "select, input:not([type=hidden])";
  let isChanged = false;

  const isShown = (field) => field.offsetParent !== null && !field.closest("details:not([open])");
  const nameOf = (field) => field.name.slice(field.name.indexOf("-") + 1);
  const rowOf = (field) => field.closest("tr[id]");

  function columnOf(field) {
    const name = nameOf(field);
    return [...form.querySelectorAll(`tr[id] [name$="-${name}"]`)].filter(isShown);
  }

  function go(field) {
    if (!field) return;
    field.focus();
    if (field.select && field.type !== "date" && field.type !== "checkbox") field.select();
  }

  function move(field, step) {
    const column = columnOf(field);
    go(column[column.indexOf(field) + step]);
  }

  form.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!field.name || !rowOf(field) || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    // Up and down belong to lists, to days and to what a name offers.
    const isFree = field instanceof HTMLInputElement && !["date", "checkbox"].includes(field.type) && !field.list;
    if (event.key === "Enter") {
      event.preventDefault();
      move(field, event.shiftKey ? -1 : 1);
    } else if (isFree && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      move(field, event.key === "ArrowDown" ? 1 : -1);
    }
  });

  // What was typed stands open on a narrow screen too.
  const unfold = (field) => { const fold = rowOf(field)?.querySelector(".row-fold"); if (fold) fold.open = true; };
  if (document.querySelector("[data-draft-back]:not([hidden])")) form.querySelectorAll(".row-fold").forEach((fold) => { fold.open = true; });
  form.addEventListener("input", (event) => { isChanged = true; unfold(event.target); });
  form.addEventListener("submit", () => { isChanged = false; });
  addEventListener("beforeunload", (event) => { if (isChanged) event.preventDefault(); });

  // Excel writes 12/01/2025, a field for days wants 2025-01-12.
  function dayOf(text) {
    const found = text.match(/^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/);
    return found ? `${found[3]}-${found[2].padStart(2, "0")}-${found[1].padStart(2, "0")}` : text;
  }

  const folded = (text) => text.normalize("NFKD").toLowerCase().replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d").trim();

  function put(field, text) {
    if (field instanceof HTMLSelectElement) {
      const option = [...field.options].find((one) => folded(one.textContent).startsWith(folded(text)) && text);
      if (option) field.value = option.value;
    } else if (field.type === "checkbox") field.checked = ["x", "co", "1"].includes(folded(text));
    else field.value = field.type === "date" ? dayOf(text) : text;
  }

  form.addEventListener("paste", (event) => {
    const first = event.target;
    const text = (event.clipboardData?.getData("text/plain") || "").replace(/\r/g, "").replace(/\n+$/, "");
    if (!first.name || !rowOf(first) || !/[\t\n]/.test(text)) return;
    event.preventDefault();
    const rows = columnOf(first).map(rowOf);
    const from = rows.indexOf(rowOf(first));
    text.split("\n").forEach((line, down) => {
      const row = rows[from + down];
      if (!row) return;
      const fields = [...row.querySelectorAll(FIELDS)].filter(isShown);
      const start = fields.findIndex((field) => nameOf(field) === nameOf(first));
      line.split("\t").forEach((value, right) => { if (fields[start + right]) put(fields[start + right], value.trim()); });
    });
    isChanged = true;
  });

  document.querySelectorAll("[data-with-script]").forEach((element) => { element.hidden = false; });
})();
